// Loaded before the product's server when the demo or a test starts it: were they killed, nobody else would end the server.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
