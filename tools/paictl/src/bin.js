#!/usr/bin/env node
import { keepCompiledModules } from "@pai/cli/compile-cache";

keepCompiledModules(process.env);
await import("./main.ts");
