import { defineConfig } from 'drizzle-kit';

// drizzle-kit insists on a default export here.
export default defineConfig({ dialect: 'postgresql', schema: './src/db/schema/*.ts', out: './drizzle' });
