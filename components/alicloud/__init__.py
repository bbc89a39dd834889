"""The vocabulary on Alibaba Cloud (阿里云), on pulumi-alicloud 4.0.0 and the official `alibabacloud-*` SDKs."""
