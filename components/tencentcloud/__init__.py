"""The vocabulary on Tencent Cloud (腾讯云), on tencentcloud-iac-pulumi 0.2.3 and tencentcloud-sdk-python-common."""
