// A secret, as a program on an instance reads it: nothing is configured but the region.

"use strict";

const { GetSecretValueCommand, SecretsManagerClient } = require("@aws-sdk/client-secrets-manager");

new SecretsManagerClient()
  .send(new GetSecretValueCommand({ SecretId: "my-secret" }))
  .then((value) => console.log(value.Name));
