"""The kit of the admin: change forms that compare, history, confirmed actions, and to-do boxes."""
