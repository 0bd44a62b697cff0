resource "aws_iam_user" "clerk" {
  name                 = "clerk"
  permissions_boundary = aws_iam_policy.within.arn
  force_destroy        = true
  tags                 = { team = var.team }
}

resource "aws_iam_access_key" "clerk" {
  user = aws_iam_user.clerk.name
}

resource "aws_iam_user_policy" "clerk" {
  name = "assume"
  user = aws_iam_user.clerk.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = aws_iam_role.reader.arn
    }]
  })
}

resource "aws_iam_role" "reader" {
  name = "reader"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_user.clerk.arn }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  name = "inline"
  role = aws_iam_role.reader.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:*"
      Resource = "*"
    }]
  })
}

# AWS's own.
resource "aws_iam_role_policy_attachment" "reader" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
}

resource "aws_iam_group" "clerks" {
  name = "clerks"
  path = "/office/"
}

resource "aws_iam_group_policy" "clerks" {
  name  = "list"
  group = aws_iam_group.clerks.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:ListSecrets"
      Resource = "*"
    }]
  })
}

resource "aws_iam_group_policy_attachment" "clerks" {
  group      = aws_iam_group.clerks.name
  policy_arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
}

resource "aws_iam_user_group_membership" "clerk" {
  user   = aws_iam_user.clerk.name
  groups = [aws_iam_group.clerks.name]
}

resource "aws_iam_policy" "within" {
  name = "within"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["secretsmanager:*", "sts:*", "iam:Get*"]
      Resource = "*"
    }]
  })
}
