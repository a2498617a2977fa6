"""Writes learning/accounts/blocked_passwords.txt: long passwords that are guessed first.

Lists of leaked passwords hold mostly short ones; who must reach 15 characters stretches them in few ways. This
makes those ways: keyboard walks, sequences, repeated and joined common words, words with years and number
rows, well-known sentences. Run: python scripts/make_blocked_passwords.py
"""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "learning" / "accounts" / "blocked_passwords.txt"
SHORTEST = 15

WORDS = [
    "password",
    "passwort",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "pa55word",
    "motdepasse",
    "contrasena",
    "senha",
    "parola",
    "wachtwoord",
    "mima",
    "qwerty",
    "qwertz",
    "azerty",
    "qwertyuiop",
    "asdfgh",
    "zxcvbn",
    "iloveyou",
    "welcome",
    "letmein",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "master",
    "shadow",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "spiderman",
    "pokemon",
    "starwars",
    "trustno1",
    "whatever",
    "freedom",
    "computer",
    "internet",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "ashley",
    "daniel",
    "thomas",
    "charlie",
    "andrew",
    "matthew",
    "hunter",
    "killer",
    "ginger",
    "pepper",
    "summer",
    "winter",
    "spring",
    "autumn",
    "flower",
    "cookie",
    "chocolate",
    "banana",
    "orange",
    "purple",
    "silver",
    "golden",
    "diamond",
    "admin",
    "administrator",
    "root",
    "secret",
    "changeme",
    "default",
    "guest",
    "login",
    "access",
    "manager",
    "supervisor",
    "hello",
    "forever",
    "family",
    "friends",
    "samsung",
    "google",
    "facebook",
    "apple",
    "microsoft",
    "windows",
    "linux",
    "android",
    "liverpool",
    "chelsea",
    "arsenal",
    "barcelona",
    "realmadrid",
    "juventus",
    "mercedes",
    "ferrari",
    "porsche",
    "corvette",
    "mustang",
    "harley",
    "yamaha",
    "cheese",
    "butterfly",
    "angel",
    "jesus",
    "christ",
    "blessed",
    "database",
    "server",
    "network",
    "security",
    "company",
    "office",
    "factory",
    "training",
    "student",
    "teacher",
    "school",
    "university",
]
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm",
        "wxcvbn", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
        "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "!@#$%^&*()_+", "zaq12wsxcde34rfvbgt56yhn", "147258369",
        "159753", "741852963", "123qweasdzxc", "qweasdzxc123", "1a2b3c4d5e6f7g8h9i0j", "a1b2c3d4e5f6g7h8i9j0",
        "aabbccddeeffgghh", "112233445566778899", "abc123", "123abc", "qwe123", "asd123", "321", "987654321",
        "0123456789", "0987654321", "9876543210")  # fmt: skip
SENTENCES = """correct horse battery staple|to be or not to be|may the force be with you|i love you so much
i love my family|i love my mother|i love my wife|i love my husband|i love my children|i love my girlfriend
i love my boyfriend|in god we trust|god is love forever|jesus loves me|jesus is my lord|the lord is my shepherd
my password is password|my password is secret|this is my password|this is a password|this is a secret
this is a long password|this is my long password|this is a strong password|this is a secure password
this is my passphrase|a very long password|very long password|my very long password|my super secret password
super secret password|top secret password|the password is password|what is my password|i forgot my password
i cannot remember my password|i hate passwords|i hate long passwords|fifteen characters|at least fifteen characters
fifteen characters long|fifteen character password|please let me in|let me in please|open sesame please
the quick brown fox|the quick brown fox jumps over the lazy dog|jumps over the lazy dog|hello my name is
hello world hello|never gonna give you up|never gonna let you down|we are the champions|we will rock you
let it be let it be|all you need is love|stairway to heaven|bohemian rhapsody|highway to hell|sweet child of mine
smells like teen spirit|i want to believe|winter is coming|the north remembers|valar morghulis|you shall not pass
one ring to rule them all|my precious precious|live long and prosper|i am your father|luke i am your father
do or do not there is no try|there is no spoon|follow the white rabbit|houston we have a problem|to infinity and beyond
just keep swimming|hakuna matata|life is like a box of chocolates|i will be back|hasta la vista baby
elementary my dear watson|once upon a time|happily ever after|home sweet home|keep calm and carry on
carpe diem carpe diem|knowledge is power|time is money|money is power|honesty is the best policy
practice makes perfect|actions speak louder than words|better late than never|the early bird catches the worm
an apple a day keeps the doctor away|rome was not built in a day|when in rome|all that glitters is not gold
happy birthday to you|merry christmas|happy new year|mary had a little lamb|twinkle twinkle little star
humpty dumpty sat on a wall|row row row your boat|old macdonald had a farm|itsy bitsy spider|jingle bells jingle bells
four score and seven years ago|i have a dream|ask not what your country can do|we the people|god save the queen
god save the king|god bless america|land of the free|live free or die|make america great again|yes we can yes we can
welcome to the jungle|welcome to my world|welcome to the company|welcome to the factory|welcome to training
change me please|change me now please|change this password|please change me|please change this password
default password|temporary password|initial password|my first password|my new password|new password new password
company password|factory password|work password|training password|learning password|school password
cleaner production|clean water for all|reduce reuse recycle|save the planet|save the earth|save the environment
save water save life|think before you print|waste not want not|every drop counts|zero waste zero waste
safety first safety first|quality first quality first|go green go green|think globally act locally
manchester united|real madrid forever|barcelona forever|liverpool forever|you will never walk alone
letmeinletmein please|iloveyou forever|iloveyou forever and ever|forever and ever|you and me forever
one two three four|one two three four five|eins zwei drei vier|un deux trois quatre|uno dos tres cuatro
alpha bravo charlie|alpha bravo charlie delta|abc easy as one two three|red orange yellow green blue
monday tuesday wednesday|january february march|spring summer autumn winter|north south east west
woaini woaini woaini|woaini1314520|wo ai ni zhong guo|wo ai ni yi wan nian|zhong guo jia you|ni hao ma ni hao ma
wo ai wo de jia|wo ai mama baba|wo de mi ma shi mi ma|sheng ri kuai le|xin nian kuai le|gong xi fa cai|wan shi ru yi
te quiero mucho|te amo mi amor|te amo para siempre|je t'aime mon amour|ich liebe dich|ti amo amore mio|eu te amo
dios es amor|viva la vida|hala madrid|forza juventus|allez les bleus|deutschland|sinterklaas|ya tebya lyublyu"""
LUCKY = [
    "88888888",
    "66666666",
    "5201314",
    "1314520",
    "520520",
    "168168",
    "147258",
    "123123",
    "654321",
    "111111",
    "000000",
    "666666",
    "888888",
    "999999",
]
YEARS = [str(year) for year in range(1950, 2036)]


def _sentences() -> set[str]:
    found = set()
    for sentence in SENTENCES.replace("\n", "|").split("|"):
        words = sentence.split()
        found |= {joint.join(words) for joint in ("", " ", "-", "_", ".")}
        found.add("".join(word.capitalize() for word in words))
        found |= {"".join(words) + tail for tail in ("1", "123", "!", "2024", "2025")}
    return found


def _walks() -> set[str]:
    found = set()
    for row in ROWS:
        for line in (row, row[::-1], row + row[::-1]):
            long = line * 6
            found |= {long[start : start + length] for start in range(min(len(line), 6)) for length in range(15, 21)}
    found |= {
        a + b + c for a, b, c in product(("qwerty", "asdfgh", "zxcvbn", "123456", "qwe", "asd", "zxc", "123"), repeat=3)
    }
    found |= {a + b for a, b in product(ROWS[:12], repeat=2)}
    found |= {"".join(unit * times for unit in line) for line in ROWS[:8] for times in (2, 3)}
    return found


def _words() -> set[str]:
    found = set()
    for word in WORDS:
        found |= {(word * 6)[: len(word) * times] for times in range(2, 6)}
        found |= {word + number for number in ("123456789", "1234567890", "123456789012", "987654321", "0123456789")}
        found |= {word + word + tail for tail in ("123", "1234", "12345", "!", "1")}
        found |= {word + joint + word for joint in ("and", "4", "-", "_", " ")}
        found |= {word + lucky for lucky in LUCKY}
        found |= {"my" + word + word, "the" + word + word, word + word[::-1], word + "forever" + word}
    short = WORDS[:44]
    found |= {first + second for first, second in product(short, repeat=2) if first != second}
    found |= {word + year + year for word in WORDS[:40] for year in YEARS[40:]}
    found |= {first + second + year for first, second in pairwise(WORDS) for year in YEARS[60:80:4]}
    found |= {year * 4 for year in YEARS} | {
        a + b + c + d for a, b, c, d in zip(YEARS, YEARS[1:], YEARS[2:], YEARS[3:], strict=False)
    }
    return found


def blocked() -> list[str]:
    """All entries that reach the least length, in order."""
    return sorted({entry for entry in _sentences() | _walks() | _words() if len(entry) >= SHORTEST})


def main() -> None:
    lines = [
        "# Long passwords that are guessed first. Compared without case, spaces, punctuation and final digits.",
        "# Made by scripts/make_blocked_passwords.py; change it there.",
        *blocked(),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
