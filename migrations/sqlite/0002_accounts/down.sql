DROP TABLE sign_in_failures;
DROP TABLE sessions;
DROP TABLE activation_codes;
DROP TABLE role_grants;
DROP TABLE accounts;
