// Asks iam-simulate what it thinks of each request: one JSON object per line in, one per line out.
// Knows nothing of how the answers are compared.
//
// The one argument is the folder in which the package is installed.

import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { runSimulation } = createRequire(join(process.argv[2], "package.json"))(
  "@cloud-copilot/iam-simulate",
);

async function answer(simulation) {
  let found;
  try {
    found = await runSimulation(simulation, {});
  } catch (error) {
    return { error: `it threw: ${error}` };
  }
  if (found.resultType === "error") {
    return { error: found.errors };
  }
  const ignored = found.result?.ignoredContextKeys ?? [];
  if (ignored.length > 0) {
    return { error: `it takes no notice of ${ignored}` };
  }
  return { verdict: found.overallResult };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
