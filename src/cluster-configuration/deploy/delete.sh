#!/bin/bash
# There is no data beside what stop.sh removes.

cd "$(dirname "$0")" || exit $?

bash stop.sh || exit $?
