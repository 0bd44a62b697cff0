variable "rotation_duration" {
  type    = string
  default = "2h"
}

resource "aws_iam_role" "rotator" {
  name = "rotator"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# The server has a command in place of the function.
resource "aws_secretsmanager_secret_rotation" "app" {
  secret_id           = aws_secretsmanager_secret_version.app.secret_id
  rotation_lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:rotate"
  rotate_immediately  = false

  rotation_rules {
    schedule_expression = "cron(0 4 ? * SUN#1 *)"
    duration            = var.rotation_duration
  }
  depends_on = [aws_iam_role.rotator]
}
