/** Signing in and the chat: conversations, answers and their stamps, seams, notices. */
export const chatEn = {
  "nav.chat": "Chat",
  "app.loading": "Opening Changeover …",

  "account.signOut": "Sign out",
  "account.signIn": "Sign in",
  "account.out": "You are signed in as {name}.",
  "account.failed": "The server did not answer: you are still signed in. Try again.",

  "role.staff": "staff",
  "role.officer": "officer",
  "role.operator": "operator",
  "role.auditor": "auditor",
  "role.administrator": "administrator",

  "signIn.heading": "Sign in",
  "signIn.intro": "Sign in to chat, or to enter orders. Status and orders can be read without.",
  "signIn.left":
    "You are signed out. What you had written and not sent was removed from this browser.",
  "signIn.login": "Login",
  "signIn.password": "Password",
  "signIn.show": "Show the password",
  "signIn.submit": "Sign in",
  "signIn.busy": "Signing in …",
  "signIn.away": "The server did not answer. Check your connection and try again.",
  "signIn.wrong": "The login or the password is wrong. Check both and try again.",
  "signIn.tooManySeconds":
    "There were too many attempts. Try again in {seconds|# second|# seconds}; your account is not blocked.",
  "signIn.tooManyMinutes":
    "There were too many attempts. Try again in {minutes|# minute|# minutes}; your account is not blocked.",
  "signIn.refused": "The server refused with status {status}. Try again, or ask your administrator.",
  "signIn.accounts": "Accounts of the demonstration",
  "signIn.accountsIntro": "Choose one and you are signed in. The people are made up.",
  "signIn.allPassword": "The password of all of them:",
  "signIn.again": "Sign in again",
  "signIn.againMeans":
    "Your session has ended. What you wrote is kept: it is here again as soon as you are signed in.",

  "chat.heading": "Chat",
  "chat.skip": "Skip to the message field",
  "chat.loading": "Opening the chat …",
  "chat.lost": "The server does not answer. This page tries again by itself.",
  "chat.refused": "The chat cannot be opened for you.",
  "chat.opening": "Opening the conversation …",
  "chat.missing":
    "There is no such conversation, or it is somebody else’s. Only you can read yours.",

  "conversations.heading": "Conversations",
  "conversations.new": "New conversation",
  "conversations.none": "You have none yet.",
  "conversations.untitled": "New conversation",
  "conversations.close": "Close",

  "title.rename": "Rename",
  "title.label": "Title of the conversation",
  "title.save": "Save",
  "title.cancel": "Cancel",
  "title.failed": "The title was not saved. Try again.",

  "greeting.heading": "Ask {service}",
  "greeting.answers": "{model} ({maker}) answers at present.",
  "greeting.keeps":
    "Under each answer it says which vendor’s model wrote it. When an order changes that, you are told here, and your conversations stay.",

  "log.label": "Messages",
  "log.toEnd": "To the newest",

  "turn.question": "You wrote",
  "turn.answer": "{service} answered",
  "turn.writing": "{service} is writing …",
  "turn.whole": "Show the whole text",
  "turn.less": "Show less",
  "turn.copy": "Copy",

  "prose.newWindow": "(opens in a new window)",
  "prose.picture": "picture, not loaded: {text}",
  "prose.table": "Table",
  "prose.copyCode": "Copy the code",
  "prose.copied": "Copied",

  "stamp.by": "{model} by {maker}",
  "stamp.standIn": "Stand-in",
  "stamp.standInMeans":
    "A stand-in imitated the vendor’s endpoint and answered. No vendor was called, and the model itself wrote none of this.",
  "stamp.until": "until {when}",
  "stamp.details": "Details",
  "stamp.why": "Why this model",
  "stamp.orders": "Orders that mattered",
  "stamp.noOrders": "None",
  "stamp.route": "Route",
  "stamp.host": "Host",
  "stamp.version": "Version",
  "stamp.replaced": "In place of",
  "stamp.losses": "Not carried over",
  "stamp.noLosses": "Nothing was left behind",
  "stamp.tokens": "Tokens",
  "stamp.tokenCounts": "{input} read, {output} written",
  "stamp.written": "Written",
  "stamp.demonstration": "This answer was given in a demonstration.",

  "seam.heading": "From here on: {model} by {maker}",
  "seam.before": "Before this, {model} by {maker} answered.",
  "seam.because": "Because of",

  "broken.refused": "Not asked.",
  "broken.cut": "Cut by an order.",
  "broken.failed": "No whole answer.",
  "broken.stopped": "Stopped.",
  "broken.interrupted": "Interrupted.",
  "broken.too-long": "Too long.",
  "broken.order": "The order:",
  "broken.continue": "Continue the answer",
  "broken.askAgain": "Ask again",
  "broken.instead": "Ask {model} ({maker})",

  "status.coming": "{service} is writing an answer.",
  "status.complete": "The answer is complete.",
  "status.stopped": "The answer was stopped.",
  "status.cut": "An order cut the answer. What arrived is kept.",
  "status.failed": "There is no whole answer. It says why below the question.",
  "status.refused": "The question was not sent: an order or a rule forbids that model.",
  "status.interrupted": "The answer was interrupted. What arrived is kept.",

  "unsent.sending": "Sending …",
  "unsent.heading": "Not sent.",
  "unsent.away":
    "The server did not answer. Your message is kept in this browser; sending it again cannot double it.",
  "unsent.expired": "Your session had ended. Your message is kept; sign in and send it again.",
  "unsent.generating":
    "Another answer was being written in this conversation, perhaps in another window. Send it when that is complete.",
  "unsent.too-long":
    "With what was said before it, this is too long for the model. Shorten it, or start afresh without the earlier text.",
  "unsent.unknown":
    "The page was left before the server had confirmed this message. Sending it again cannot double it.",
  "unsent.refused": "The server did not take it.",
  "unsent.retry": "Send again",
  "unsent.edit": "Put it back in the field",

  "notice.announced": "Notice: {what}",
  "notice.provisional": "Provisional",
  "notice.provisionalMeans": "This arrangement is provisional; another notice will follow.",
  "notice.when": "When",
  "notice.mustDo": "What you must do",
  "notice.knows": "What it no longer knows",
  "notice.message": "A word to you",
  "notice.conversations": "Your conversations",
  "notice.earlier": "Earlier text",
  "notice.order": "The order",
  "notice.ask": "Whom to ask",
  "notice.acknowledge": "I have read this",
  "notice.fresh": "Start afresh",
  "notice.more": "{count|# more notice|# more notices}",
  "notice.failed": "The server did not note that. Try again.",

  "model.button": "Model: {model}",
  "model.heading": "Which model to ask",
  "model.usual": "Whatever {service} uses, at present {model}",
  "model.barred": "Barred",
  "model.barredMeans": "You can choose it and ask: you are told why not, and what may be asked.",
  "model.why": "Why",
  "model.knows": "Knows the world up to {month}.",
  "model.close": "Done",

  "composer.form": "Write a message",
  "composer.label": "Message to {service}",
  "composer.send": "Send",
  "composer.stop": "Stop",
  "composer.hint": "Enter sends. Shift + Enter begins a new line.",
  "composer.wait":
    "{service} is writing. You can write on, and send when it has finished. Esc stops it.",
  "composer.sending": "Your last message is being sent.",
  "composer.held": "First send the message above again, or put it back in the field.",
  "composer.opening": "You can write; it can be sent once the conversation is open.",
  "composer.fresh": "Start afresh",
  "composer.freshNote": "Your next message goes without any earlier text.",
  "composer.freshUndo": "Send the earlier text too",
  "composer.barred": "{model} may not be used here.",
  "composer.usual": "Ask the usual model",
  "composer.near":
    "With the earlier text this has about {tokens} tokens; {model} takes {room} beside its answer.",
  "composer.over":
    "With the earlier text this has about {tokens} tokens, and {model} takes {room} beside its answer: it will not be taken.",
  "composer.shorten": "Shorten your message.",
  "composer.lost": "The connection to the server is lost.",
  "composer.lostMeans":
    "This page tries again by itself. Nothing is lost: an answer goes on being written there, and what you write is kept here.",

  "fault.stop": "The answer could not be stopped: the server did not take it.",
  "fault.continue": "The answer could not be continued: the server did not take it. Try again.",
  "fault.close": "Close this message",

  "order.by": "({issuer})",
} as const;
