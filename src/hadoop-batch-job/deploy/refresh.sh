#!/bin/bash
# Runs the job again if its configuration changed.

cd "$(dirname "$0")" || exit $?

bash start.sh || exit $?
