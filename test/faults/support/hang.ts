// A program that does nothing, for ever, and does not end when it is asked to.
process.on('SIGTERM', () => {});
setInterval(() => {}, 3_600_000);
