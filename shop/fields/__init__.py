"""What people type, read in one way everywhere: model and form fields for forms, the admin and imports."""
