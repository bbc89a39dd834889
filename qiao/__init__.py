"""Qiao (桥): a Pulumi provisioning stack for China's three serverless clouds. This package is the tool around it."""
