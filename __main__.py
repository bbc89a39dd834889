"""What `pulumi preview` and `pulumi up` run: the stack that the current stage's settings describe."""

from stacks.program import deploy

deploy()
