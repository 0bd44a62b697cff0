"""Boots an instance's user data with cloud-init's own code, and prints what they print.

Arguments: the folder of cloud-init's packages, a folder to write to. To be run on the instance: the
datasource asks 169.254.169.254. The modules that Rolecall runs too are run, in the order of Debian's
`cloud.cfg`; one that fails does not keep the next from running.
"""

import os
import sys

packages, folder = sys.argv[1:]
sys.path.insert(0, packages)

from cloudinit import cloud, distros, handlers, helpers, settings, util  # noqa: E402
from cloudinit.config import (  # noqa: E402
    cc_bootcmd,
    cc_runcmd,
    cc_scripts_per_boot,
    cc_scripts_per_instance,
    cc_scripts_per_once,
    cc_scripts_user,
    cc_write_files,
    cc_write_files_deferred,
)
from cloudinit import log as logging  # noqa: E402
from cloudinit.handlers.boot_hook import BootHookPartHandler  # noqa: E402
from cloudinit.handlers.cloud_config import CloudConfigPartHandler  # noqa: E402
from cloudinit.handlers.shell_script import ShellScriptPartHandler  # noqa: E402
from cloudinit.handlers.shell_script_by_frequency import (  # noqa: E402
    ShellScriptByFreqPartHandler,
)
from cloudinit.sources import DataSourceEc2  # noqa: E402

paths = helpers.Paths(
    {
        "cloud_dir": os.path.join(folder, "cloud"),
        "run_dir": os.path.join(folder, "run"),
        "templates_dir": os.path.join(folder, "templates"),
    }
)
config = {"datasource": {"Ec2": {"max_wait": 5, "timeout": 2, "strict_id": False}}}
distro = distros.fetch("debian")("debian", config, paths)
source = DataSourceEc2.DataSourceEc2(config, distro, paths)
# Without a name it asks DMI, finds no EC2 there, and speaks IMDSv1 only.
source._cloud_name = "aws"
assert source.get_data(), "no datasource"
paths.datasource = source
instance = paths.get_ipath()
for name in ["", "scripts", "boothooks", "handlers"]:
    util.ensure_dir(os.path.join(instance, name))
util.del_file(paths.instance_link)
util.sym_link(instance, paths.instance_link)

given = {"paths": paths, "datasource": source}
registry = helpers.ContentHandlers()
all_handlers = [
    CloudConfigPartHandler(**given),
    ShellScriptPartHandler(**given),
    ShellScriptByFreqPartHandler(settings.PER_ALWAYS, **given),
    ShellScriptByFreqPartHandler(settings.PER_INSTANCE, **given),
    ShellScriptByFreqPartHandler(settings.PER_ONCE, **given),
    BootHookPartHandler(**given),
]
for handler in all_handlers:
    registry.register(handler, overwrite=True)
    handlers.call_begin(handler, None, settings.PER_INSTANCE)
data = {
    "handlers": registry,
    "handlerdir": os.path.join(instance, "handlers"),
    "data": None,
    "frequency": settings.PER_INSTANCE,
    "handlercount": 0,
    "excluded": [],
}
handlers.walk(source.get_userdata(), handlers.walker_callback, data=data)
for handler in all_handlers:
    handlers.call_end(handler, None, settings.PER_INSTANCE)

document = util.load_file(paths.get_ipath("cloud_config"), quiet=True)
config = util.load_yaml(document, default={}) if document else {}
here = cloud.Cloud(source, paths, config, distro, None)
log = logging.getLogger("boot")
failed = 0
for name, module in [
    ("bootcmd", cc_bootcmd),
    ("write-files", cc_write_files),
    ("runcmd", cc_runcmd),
    ("write-files-deferred", cc_write_files_deferred),
    ("scripts-per-once", cc_scripts_per_once),
    ("scripts-per-boot", cc_scripts_per_boot),
    ("scripts-per-instance", cc_scripts_per_instance),
    ("scripts-user", cc_scripts_user),
]:
    try:
        module.handle(name, config, here, log, [])
    except Exception as error:
        failed += 1
        print(f"{name}: {error}", file=sys.stderr)
sys.exit(1 if failed else 0)
