# What instances get that do not say otherwise; for the whole account, in this region.
resource "aws_ec2_instance_metadata_defaults" "account" {
  http_tokens                 = "required"
  http_put_response_hop_limit = var.hop_limit
  instance_metadata_tags      = "enabled"
}
