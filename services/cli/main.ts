#!/usr/bin/env node
import { shutdownSignal } from '../shared/shutdown-signal.ts';

// Before the rest is loaded, which takes longer than anything before the first words: a Ctrl-C is heard meanwhile too.
const signal = shutdownSignal();
const { runProgram } = await import('./run-program.ts');
await runProgram(signal);
