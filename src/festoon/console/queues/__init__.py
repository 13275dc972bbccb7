"""What waits for people: held rewards, proofs, parcels, codes, grand draws."""
