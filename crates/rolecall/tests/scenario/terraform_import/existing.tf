# An instance and a role that were there before Terraform: imported, then managed.
variable "image" {
  type = string
}

resource "aws_iam_role" "existing" {
  name = "existing"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_instance_profile" "existing" {
  name = "existing"
  role = aws_iam_role.existing.name
}

# There is no argument `instance_id`: which instance it is, the import says.
resource "aws_instance" "existing" {
  ami                  = var.image
  instance_type        = "t3.micro"
  iam_instance_profile = aws_iam_instance_profile.existing.name

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  lifecycle {
    ignore_changes = [ami, instance_type, subnet_id, user_data, tags]
  }
}
