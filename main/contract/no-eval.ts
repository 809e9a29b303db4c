import { z } from 'zod';

// The window's CSP forbids eval, which zod probes for when the first schema is made: this comes before all of them.
z.config({ jitless: true });
