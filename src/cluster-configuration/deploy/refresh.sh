#!/bin/bash

cd "$(dirname "$0")" || exit $?

bash start.sh || exit $?
