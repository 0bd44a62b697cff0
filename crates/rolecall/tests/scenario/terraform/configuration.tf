# The older way, without versions.
resource "aws_launch_configuration" "old" {
  name_prefix          = "old-"
  image_id             = data.aws_ami.linux.id
  instance_type        = "t3.micro"
  iam_instance_profile = aws_iam_instance_profile.app.name
  user_data            = "#!/bin/sh\necho obviously-fake-user-data\n"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = var.hop_limit
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "old" {
  name                 = "old"
  min_size             = 0
  max_size             = 1
  desired_capacity     = 1
  vpc_zone_identifier  = data.aws_subnets.default.ids
  launch_configuration = aws_launch_configuration.old.name
}
