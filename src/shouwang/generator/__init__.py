"""Made-up townships, clean or untidy, with the truth beside them. Nobody in them exists."""
