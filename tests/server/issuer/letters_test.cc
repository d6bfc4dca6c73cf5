// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/letters.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/issuer/issuer_store.h"
#include "server/issuer/letter_files.h"
#include "server/issuer/letter_texts.h"
#include "survey/invitation.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::issuer {
namespace {

using testing::FileContents;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr char kCode[] = "8AZP-YH7-BSZ9-6E9";

LetterTerms Terms(const std::string& language) {
  return ParseLetterTerms(language, "", "https://office.example/enrol",
                          "2026-12-31")
      .value();
}

std::string Letter(const LetterTerms& terms, const std::string& reference) {
  return absl::StrCat(LetterHead(terms), LetterBody(terms, {reference, kCode}),
                      LetterFoot());
}

TEST(LettersTest, SayWhatItIsTheCodeWhereToGoAndTillWhen) {
  const std::string english = Letter(Terms("en"), "M-17");
  for (const char* part :
       {"<html lang=\"en\">", "M-17", "Your code for the pay survey", kCode,
        "https://office.example/enrol", "31 December 2026"}) {
    EXPECT_THAT(english, HasSubstr(part));
  }
  const std::string german = Letter(Terms("de"), "M-17");
  for (const char* part :
       {"<html lang=\"de\">", "M-17", "Ihr Code", kCode,
        "https://office.example/enrol", "31. Dezember 2026"}) {
    EXPECT_THAT(german, HasSubstr(part));
  }
}

TEST(LettersTest, NeedNothingFromElsewhereAndRunNothing) {
  for (const std::string& language : LetterLanguages()) {
    const std::string letter =
        absl::AsciiStrToLower(Letter(Terms(language), "M-17"));
    for (const char* part : {"<script", "<link", "<img", "<iframe", " src=",
                             " href=", "url(", "@import", "javascript:"}) {
      EXPECT_THAT(letter, Not(HasSubstr(part)));
    }
    EXPECT_THAT(letter, HasSubstr("default-src 'none'"));
    EXPECT_THAT(letter, HasSubstr("@page"));
  }
}

TEST(LettersTest, EveryLanguageHasEverySentence) {
  for (const std::string& language : LetterLanguages()) {
    const LetterTexts& texts = LetterTextsIn(language);
    for (const absl::string_view text :
         {texts.title, texts.purpose, texts.secrecy, texts.code, texts.typing,
          texts.steps, texts.own_device, texts.office, texts.type_code,
          texts.until, texts.keep}) {
      EXPECT_FALSE(text.empty());
    }
    for (const absl::string_view month : texts.months) {
      EXPECT_FALSE(month.empty());
    }
  }
}

// Of the text between two marks.
std::string Between(const std::string& text, const std::string& from,
                    const std::string& to) {
  const size_t begin = text.find(from);
  const size_t end = text.find(to, begin);
  EXPECT_NE(begin, std::string::npos);
  EXPECT_NE(end, std::string::npos);
  return text.substr(begin, end - begin);
}

Invitation SomeInvitation() {
  return {.server = "survey.example:443",
          .office = "office.example:443",
          .survey = "couriers",
          .survey_key = "0123-4567-89ab-cdef-0123-4567-89ab-cdef-0123-4567",
          .admission = Admission::kCredential};
}

TEST(LettersTest, CarryTheInvitationApartFromTheCode) {
  for (const std::string& language : LetterLanguages()) {
    LetterTerms terms = Terms(language);
    EXPECT_THAT(Letter(terms, "M-17"), Not(HasSubstr("<section")));
    // As a file has it that was written by an editor.
    ASSERT_OK(AddInvitation(
        absl::StrCat("\ufeff", WriteInvitation(SomeInvitation()), "\r\n"),
        terms));
    const std::string letter = Letter(terms, "M-17");
    const std::string box =
        Between(letter, "<section class=\"invitation\">", "</section>");
    EXPECT_THAT(box, HasSubstr(WriteInvitation(SomeInvitation())));
    EXPECT_THAT(box, HasSubstr("<svg "));
    EXPECT_THAT(box, Not(HasSubstr(kCode)));
    EXPECT_THAT(box, Not(HasSubstr("M-17")));
    // The code goes to the office's page, and comes before all of the box.
    const size_t code = letter.find(kCode);
    EXPECT_LT(code, letter.find("https://office.example/enrol"));
    EXPECT_LT(letter.rfind("https://office.example/enrol"),
              letter.find("<section"));
    EXPECT_EQ(letter.find(kCode, code + 1), std::string::npos);
    EXPECT_THAT(letter, HasSubstr("commonwage join"));
    EXPECT_THAT(absl::AsciiStrToLower(letter), Not(HasSubstr(" href=")));
    EXPECT_THAT(letter, Not(HasSubstr("<script")));
    EXPECT_FALSE(LetterTextsIn(language).invitation.empty());
    EXPECT_FALSE(LetterTextsIn(language).invitation_title.empty());
    EXPECT_FALSE(LetterTextsIn(language).join.empty());
  }
}

TEST(LettersTest, TheBoxIsTheSameForEveryMember) {
  LetterTerms terms = Terms("en");
  ASSERT_OK(AddInvitation(WriteInvitation(SomeInvitation()), terms));
  const auto box_of = [&](const char* reference, const char* code) {
    return Between(LetterBody(terms, {reference, code}), "<section",
                   "</section>");
  };
  EXPECT_EQ(box_of("M-17", kCode), box_of("M-18", "0000-000-0000-000"));
}

TEST(LettersTest, NoLetterCarriesADamagedInvitationOrOneToEverybody) {
  LetterTerms terms = Terms("en");
  std::string slip = WriteInvitation(SomeInvitation());
  slip[50] = slip[50] == 'a' ? 'b' : 'a';
  EXPECT_THAT(AddInvitation(slip, terms),
              HasReason(Reason::kInvitationMistyped));
  Invitation open = SomeInvitation();
  open.admission = Admission::kOpen;
  open.office.clear();
  EXPECT_THAT(AddInvitation(WriteInvitation(open), terms),
              HasReason(Reason::kInvitationIsOpen));
  EXPECT_TRUE(terms.invitation.empty());
}

TEST(LettersTest, ANameIsTextAndNeverMarkup) {
  LetterTerms terms = Terms("en");
  terms.title = "Pay & <i>conditions</i>";
  const std::string letter =
      Letter(terms, "<script>alert(1)</script> \"O'Neil\" & sons");
  EXPECT_THAT(letter, Not(HasSubstr("<script")));
  EXPECT_THAT(letter, Not(HasSubstr("<i>")));
  EXPECT_THAT(letter, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; "
                                "&quot;O&#39;Neil&quot; &amp; sons"));
}

TEST(LettersTest, TermsThatNoLetterCanSayAreRefused) {
  const auto parse = [](const char* language, const char* title,
                        const char* office, const char* until) {
    return ParseLetterTerms(language, title, office, until);
  };
  EXPECT_OK(parse("de", "Lohn 2026", "office.example:50061", "2026-12-31"));
  for (const auto& refused :
       {parse("xx", "", "a", "2026-12-31"),
        parse("en", "a\nb", "a", "2026-12-31"),
        parse("en", "", "", "2026-12-31"), parse("en", "", "a b", "2026-12-31"),
        parse("en", "", "a", "31.12.2026"), parse("en", "", "a", ""),
        parse("en", "", "a", "2026-02-30")}) {
    EXPECT_THAT(refused, HasReason(Reason::kWrongUse));
  }
}

class LetterDirectoryTest : public ::testing::Test {
 protected:
  absl::Status Write(const std::string& path) {
    auto directory = Create(path);
    if (!directory.ok()) {
      return directory.status();
    }
    const absl::Status written = WriteLetters(
        *directory, Terms("en"), {{"M-17", kCode}, {"Anna", kCode}});
    return written.ok() ? directory->Commit() : written;
  }
  static absl::StatusOr<OutputDirectory> Create(const std::string& path) {
    return OutputDirectory::Create({path, "directory of letters"});
  }
  // The names of what is in the temporary directory, or in one of its own.
  std::vector<std::string> NamesIn(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  testing::TempDirectory directory_;
  std::string place_ = directory_.File("letters");
};

TEST_F(LetterDirectoryTest, HasAPageForEachMemberThatNoNameTells) {
  ASSERT_OK(Write(place_));
  EXPECT_THAT(NamesIn(place_),
              UnorderedElementsAre("0001.html", "0002.html", "all.html"));
  const std::string all = FileContents(place_ + "/all.html").value();
  const std::string first = FileContents(place_ + "/0001.html").value();
  EXPECT_THAT(first, HasSubstr("M-17"));
  EXPECT_THAT(first, Not(HasSubstr("Anna")));
  EXPECT_THAT(all, HasSubstr("M-17"));
  EXPECT_THAT(all, HasSubstr("Anna"));
}

TEST_F(LetterDirectoryTest, IsForItsOwnerAlone) {
  ASSERT_OK(Write(place_ + "/"));
  EXPECT_EQ(std::filesystem::status(place_).permissions(),
            std::filesystem::perms::owner_all);
  for (const auto& entry : std::filesystem::directory_iterator(place_)) {
    EXPECT_EQ(entry.status().permissions(),
              std::filesystem::perms::owner_read |
                  std::filesystem::perms::owner_write);
  }
}

TEST_F(LetterDirectoryTest, TakesTheEmptyPlaceOfADirectoryAndNothingElse) {
  std::filesystem::create_directory(place_);
  ASSERT_OK(Write(place_));
  const std::string before = FileContents(place_ + "/all.html").value();
  EXPECT_THAT(Write(place_), HasReason(Reason::kDirectoryInUse));
  EXPECT_THAT(Write(place_ + "/all.html"), HasReason(Reason::kDirectoryInUse));
  std::filesystem::create_symlink("letters", directory_.File("link"));
  EXPECT_THAT(Write(directory_.File("link")),
              HasReason(Reason::kDirectoryInUse));
  EXPECT_THAT(Write(directory_.File("no/such")),
              HasReason(Reason::kFileNotFound));
  EXPECT_EQ(FileContents(place_ + "/all.html").value(), before);
  EXPECT_THAT(NamesIn(directory_.path()),
              UnorderedElementsAre("letters", "link"));
}

TEST_F(LetterDirectoryTest, LeavesNothingBehindIfNothingIsWritten) {
  ASSERT_OK(Create(place_).status());
  EXPECT_THAT(NamesIn(directory_.path()), ::testing::IsEmpty());
}

TEST_F(LetterDirectoryTest, WhatComesInBetweenIsNotReplaced) {
  auto letters = Create(place_);
  ASSERT_OK(letters);
  EXPECT_THAT(Write(place_), HasReason(Reason::kFileBusy));
  std::filesystem::create_directory(place_);
  std::ofstream(place_ + "/mine") << "precious";
  ASSERT_OK(WriteLetters(*letters, Terms("en"), {{"too-late", kCode}}));
  EXPECT_THAT(letters->Commit(), HasReason(Reason::kDirectoryInUse));
  EXPECT_THAT(NamesIn(place_), UnorderedElementsAre("mine"));
}

}  // namespace
}  // namespace commonwage::server::issuer
