import { elementAt } from "../../numbers/elements";
import { spend } from "./limits";
import { unsupported } from "./template-error";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const two = (value: number): string => String(value).padStart(2, "0");

/** Which day of the year a date is, from 1. */
function dayOfYear(date: Date): number {
  // By calendar days: a day on which clocks change has not 24 hours.
  const day = (month: number, of: number): number => Date.UTC(date.getFullYear(), month, of) / 86_400_000;
  return day(date.getMonth(), date.getDate()) - day(0, 0);
}

/** The week of the year by ISO 8601, and the year that it belongs to. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 / 7) + 1 };
}

/** A date as Python's `strftime` writes it in the locale C; the time zone is none, as of `datetime.now()`. @throws TemplateError */
export function strftime(date: Date, format: string): string {
  const write = (directive: string): string => {
    const hour = date.getHours();
    const year = date.getFullYear();
    switch (directive) {
      case "a":
        return elementAt(DAYS, date.getDay()).slice(0, 3);
      case "A":
        return elementAt(DAYS, date.getDay());
      case "b":
      case "h":
        return elementAt(MONTHS, date.getMonth()).slice(0, 3);
      case "B":
        return elementAt(MONTHS, date.getMonth());
      case "c":
        return strftime(date, "%a %b %e %H:%M:%S %Y");
      case "C":
        return two(Math.floor(year / 100));
      case "d":
        return two(date.getDate());
      case "D":
      case "x":
        return strftime(date, "%m/%d/%y");
      case "e":
        return String(date.getDate()).padStart(2);
      case "f":
        return String(date.getMilliseconds() * 1000).padStart(6, "0");
      case "F":
        return strftime(date, "%Y-%m-%d");
      case "g":
        return two(isoWeek(date).year % 100);
      case "G":
        return String(isoWeek(date).year);
      case "H":
        return two(hour);
      case "I":
        return two(hour % 12 || 12);
      case "j":
        return String(dayOfYear(date)).padStart(3, "0");
      case "k":
        return String(hour).padStart(2);
      case "l":
        return String(hour % 12 || 12).padStart(2);
      case "m":
        return two(date.getMonth() + 1);
      case "M":
        return two(date.getMinutes());
      case "n":
        return "\n";
      case "p":
        return hour < 12 ? "AM" : "PM";
      case "P":
        return hour < 12 ? "am" : "pm";
      case "r":
        return strftime(date, "%I:%M:%S %p");
      case "R":
        return strftime(date, "%H:%M");
      case "s":
        return String(Math.floor(date.getTime() / 1000));
      case "S":
        return two(date.getSeconds());
      case "t":
        return "\t";
      case "T":
      case "X":
        return strftime(date, "%H:%M:%S");
      case "u":
        return String(date.getDay() || 7);
      case "U":
        return two(Math.floor((dayOfYear(date) + 6 - date.getDay()) / 7));
      case "V":
        return two(isoWeek(date).week);
      case "w":
        return String(date.getDay());
      case "W":
        return two(Math.floor((dayOfYear(date) + 6 - ((date.getDay() + 6) % 7)) / 7));
      case "y":
        return two(year % 100);
      case "Y":
        return String(year);
      case "z":
      case "Z":
        return "";
      case "%":
        return "%";
      default:
        throw unsupported(`The directive %${directive} of strftime`);
    }
  };
  // Without padding: what the C library of Linux takes as %-d.
  spend(4 * format.length);
  return format.replace(/%(-?)([^]?)/gu, (_, bare: string, directive: string) => {
    // What ends within a directive is written as it is.
    if (directive === "") return `%${bare}`;
    const text = write(directive);
    return bare ? text.replace(/^[0 ]+(?=.)/u, "") : text;
  });
}
