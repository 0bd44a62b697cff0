resource "aws_kms_key" "signing" {
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 7
}

resource "aws_kms_key" "rsa" {
  customer_master_key_spec = "RSA_2048"
  key_usage                = "ENCRYPT_DECRYPT"
  deletion_window_in_days  = 7
}

data "aws_kms_public_key" "signing" {
  key_id = aws_kms_key.signing.arn
}

resource "aws_kms_grant" "revoked" {
  name              = "revoked"
  key_id            = aws_kms_key.app.key_id
  grantee_principal = aws_iam_role.app.arn
  operations        = ["Decrypt", "DescribeKey"]

  constraints {
    encryption_context_subset = { SecretARN = aws_secretsmanager_secret.app.arn }
  }
}

resource "aws_kms_grant" "retired" {
  name               = "retired"
  key_id             = aws_kms_key.signing.arn
  grantee_principal  = aws_iam_role.app.arn
  retiring_principal = aws_iam_role.app.arn
  operations         = ["Sign", "GetPublicKey"]
  retire_on_delete   = true
}
