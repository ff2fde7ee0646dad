import { enableCompileCache } from 'node:module';

// Before anything else is loaded: the second start compiles nothing (design §9).
enableCompileCache();
const { runCli } = await import('./main/cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
