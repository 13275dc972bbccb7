DROP TABLE webhook_level, webhook_delivery, webhook_message, webhook_endpoint;
