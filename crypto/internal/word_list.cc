// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/word_list.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace commonwage::crypto {
namespace {

// Common English words of three to eight letters, in order. Left out: pairs
// that sound alike, words that Britain and America spell differently, and as
// many as possible of those that one slip of the pen turns into another.
constexpr absl::string_view kText =
    "about above accent acorn acre across acting actor adapt adding admire "
    "adobe adopt adult advice aerial affair afford after again agency agile "
    "agree ahead aim air airport alarm album alert alias alive alley allow "
    "almond aloe alone alpine also altar alter always amaze amber amount "
    "ample amuse anchor angel angle ankle annual answer anthem antler anvil "
    "any apart apple april apron aqua arch arctic area arena argue arise "
    "army aroma around arrow artist ascend ash aside asking aspen asset "
    "assist atlas atom attend attic audio august author autumn avenue avoid "
    "awake award away awful awning axis axle azure baby bacon badge bagel "
    "bake balance bamboo banana bangle banner barber bargain bark barley "
    "barn barrel basil basket batch baton battery bay bazaar beam bean beard "
    "beast beaver become bedding beech beef beep beetle before began begin "
    "behave beige being believe belong belt bench beside beta better beyond "
    "bicycle big bike bill binder bingo biology birch bird birth biscuit "
    "bison bitter black blade blank blaze blend bless blind bliss block "
    "blonde bloom blouse bluff blunt boat body boil bolt bond bone bonfire "
    "bonus book boost booth border borrow boss botany both bottle boulder "
    "bounce bowl box bracket braid branch brass brave bread breeze brick "
    "bridge brief bright bring brisk broad broken bronze brook brother brown "
    "brush bubble bucket budget buffalo buggy build bulb bulk bumper bunch "
    "bundle bunk burger burn burst busy butter buzz cabbage cabin cable "
    "cactus cafe calendar calf calm camel camp canal candle canoe canvas "
    "canyon cape capital captain carbon card careful cargo carol carpet "
    "carrot carton carve cash castle casual cat catalog cause cavern caviar "
    "cedar celery cement ceramic certain chain chalk champion change chapter "
    "charm chase cheap check cheese chef cherry chess chew chicken chief "
    "child chime chin choice choose chorus chunk cider cinema cinnamon "
    "circle citizen citrus city civil claim clap class clay clean clerk "
    "clever click cliff climb clinic clip clock close cloth cloud clover "
    "clown club clue clutch coach coast cobalt cobra cocoa code coffee coin "
    "cold collar comb comic common compass concert cone confirm connect "
    "consider contact cool copper copy coral cork cosmic cotton couch could "
    "count couple cover cow cozy crab cradle craft crane crater crawl crayon "
    "cream credit creek crew cricket crisp critic crocus crop cross crucial "
    "cruise crumb crunch crust crystal cube cuckoo cucumber cuff cup curb "
    "curious curl curry curtain curve cushion custom cycle cymbal daily "
    "dairy daisy damp dance daring dark dash data date daughter dawn day "
    "debate debut decade decent decide deep define degree delay deliver "
    "delta demand denim dense dentist depart depend deputy derby desk detail "
    "develop device dew diagram dial diamond diary dice dictate diesel "
    "differ dig digit dinner diploma direct dirt disc distant ditch diver "
    "divide dizzy dock doctor dog doll dolphin domain dome donate donkey "
    "donor door dot double dough dove down dozen draft dragon drain drama "
    "draw dream dress drift drill drink drive drop drum dry duck dune during "
    "dusk duty dwarf dwell dynamic each eager eagle early earth easy eat "
    "ebony echo eclipse edge edit educate effort egg eight either eject "
    "elastic elbow elder elect elegant element eleven elf elite elm else "
    "ember emerald emit emotion empire employ empty emu enable enact end "
    "energy engine enjoy enough enrich enter entire envoy epic episode equal "
    "equip era erase errand error erupt escape essay estate eternal ethics "
    "evening every evolve exact example excel excite exhibit exit exotic "
    "expand expert explain export express extend extra eye eyebrow fable "
    "fabric face fact fade faith falcon fall family famous fancy far farm "
    "fashion father fault feast feather federal feed feel fellow felt fence "
    "fern ferry festival fetch few fiction field fifteen fig figure file "
    "film filter final find finger finish firm first fish fit five flag "
    "flame flannel flash flat flax fleece flesh flex flight flint flip float "
    "flock flood flora flow fluid flute fly foam focus foil fold follow foot "
    "force forest fork fortune forum forward fossil foster found fox frame "
    "free freight frequent fresh friend fringe frog from front frost frozen "
    "fruit fudge fuel fun funnel furnish future fuzzy gadget gain galaxy "
    "gallery game gander gap garage garden garlic garment gas gather gauge "
    "gazelle gear gem general genius gentle genuine geology gesture get "
    "geyser ghost giant gift giggle ginger giraffe girl give glacier glad "
    "glance glass glaze gleam glide glimpse glitter globe glory glove glow "
    "glue goal goat goblet golf gondola good goose gorge gossip govern gown "
    "grab grace grade grain grand grape grass gravel green grid grill grip "
    "grocer groove ground grove grow guard guava guess guide guitar gulf "
    "gull gum guru gust gutter gym gypsum habit haddock half halo halt ham "
    "hammer hand happy harmony harp harvest hatch haul haven hawk hazel head "
    "health heavy hedge height heir helium hello helmet help hemp herald "
    "herb here hero hexagon hickory hidden high hiking hill hinge hint hire "
    "history hit hobby hockey hold hollow home honest hoof hook hope horizon "
    "horn horse host hotel house hover how hub huddle huge human humble "
    "hundred hungry hunter hurdle hurry husband husky hybrid hydrant ice "
    "icicle icon idea identity igloo ignite image imitate immense impact "
    "import impress inch include income index indigo indoor industry infant "
    "inform inherit initial inject ink inlet inner input inquiry insect "
    "inside install intact into invent invite iris iron island isolate item "
    "ivory ivy jacket jade jaguar january jar jasmine javelin jazz jeans "
    "jelly jersey jester jet jewel jigsaw job jockey join joke jolly journey "
    "joy judge jug juggle juice july jumbo jump june jungle junior jury just "
    "jute juvenile kale kangaroo karate kayak keen kelp kennel kettle kick "
    "kid kidney kilo kimono kind king kiosk kiss kitchen kite kitten kiwi "
    "knee knife knit knock koala label lace ladder lady lagoon lamb land "
    "lane lantern laptop large larva laser last latch laugh laundry laurel "
    "lava lavender law lawn layer lazy leaf league learn lease leather leave "
    "lecture left leg legend leisure lemon length lens lentil leopard letter "
    "level liberty library lichen lid life light like lilac lily limb lime "
    "limit link lion liquid list little lizard llama loaf lobby lobster "
    "local lodge loft log logic long look loop loose lord lorry lotion lotus "
    "loud lounge love loyal lucky luggage lumber lunar lunch lung lupine "
    "lush luxury lynx lyric machine mackerel madam magic magnet magpie major "
    "make mammal manage mandate mango manner mantle manual many map maple "
    "marble march margin marine market marsh mask mason mass master material "
    "math matrix matter maximum meadow meal mean measure medium mellow "
    "melody melt member memory mend mentor menu mercury merge merit merry "
    "mesh message meteor method middle midnight mild milk mimic mineral mini "
    "mint minute mirror mitten mix mobile model modify moist mole moment "
    "monarch money monitor monkey month mood moon moral more mosaic moss "
    "motel mother motion motor mound mouse mouth movie mower much mud muffin "
    "mug mule multiply mural museum mushroom music must mutual muzzle myself "
    "mystery myth nail name napkin narrow nation nature navy near neck "
    "nectar needle neither neon nephew nerve nettle network neutral never "
    "next nickel niece nimble nine noble nod noise nomad noodle normal north "
    "nose notable note nothing notice nougat noun novel nozzle nugget number "
    "nurse nut nutmeg nylon oak oasis oath oatmeal obey object oblige oboe "
    "observe obtain obvious occasion ocean october odd offer office often "
    "olive omega omelet omit once onion online only onward onyx open opera "
    "opinion oppose optic orange orbit orchard order oregano organ origin "
    "ornament osprey ostrich other otter ounce outdoor oval oven owl oxygen "
    "oyster ozone pacific pack paddle page paint palace palm pan panda panel "
    "panic panther papaya paper parade parcel parent park parrot part pass "
    "path patio patrol pattern pave pavilion paw payment peach peanut pebble "
    "pecan peel pelican pen pencil penguin people pepper perfect perhaps "
    "period permit person phantom phase phone photo phrase physics piano "
    "pick picnic picture pigeon pilgrim pillow pilot pinch pine pink pioneer "
    "pipe pirate pitch pivot pixel pizza place plaid planet plate play plaza "
    "please pledge plenty plot plow pluck plug plum plus pocket podium poem "
    "poet point polar police polka polo pond pony pool poppy popular porch "
    "port position possible postage potato pottery pouch pound powder power "
    "practice prairie pretty prevent price primary print prism private prize "
    "problem produce program promise proof proper protect proud provide "
    "prune public pudding puffin pull pulp pulse puma pump punch pupil "
    "puppet pure purple purse push puzzle pyramid python quail quality "
    "quantum quarter queen query quest quick quiet quill quince quit quiz "
    "quota raccoon racket radar radio raft rail raise rally ramp ranch "
    "random range rapid rare rascal rate rather raven razor reach ready real "
    "reason rebel recall recipe record recycle reduce reef reflect reform "
    "refuse regard region regular rehearse reject relax relief remain "
    "remember remind remote rename rent repair reply report request rescue "
    "resort result retire return reunion reveal review reward rhyme rhythm "
    "ribbon rich riddle ride rigid rim rinse ripple risk ritual river roast "
    "robe robin robot robust rock rodeo roman romp roof rookie room rooster "
    "rope rotate rough rover row royal rubber ruby rudder rug rugby ruin "
    "rule rumble run runway rural rush saddle safari safe saga salad salmon "
    "salon salt salute same sample sand sapling sardine satin sauna sausage "
    "save savings saw scale scan scarf scatter scheme school science "
    "scissors scooter scope score scout scrap screen script scroll scrub "
    "sculptor seal search season seat second secret section seek segment "
    "select self senate senior sense sentence series serve session settle "
    "seven shade shaft shake shape shawl she shed sheep shelf sheriff shield "
    "shift shine ship shirt shoe shop shore should shovel show shrimp shrub "
    "shuffle shut siege sigh silent silk silver similar simple since siren "
    "sister six size skate sketch skill skin skirt skunk sky slab sled sleep "
    "slender slice slide sling slipper slogan slope slot slug small smart "
    "smell smile smoke smooth snack snail snake snap snorkel snow soap "
    "soccer social sock soda sofa soft soil solar soldier solid solo solve "
    "sonar song sonnet soon soprano sound soup south soy space spare spatula "
    "speak special speed spell spend sphere spice spider spike spin spiral "
    "splash split spoil sponge spoon sport spot spray spread spring sprout "
    "spruce square squeeze squid stable stadium staff stage stamp stand star "
    "state stay steam stem step stereo stew stick still stitch stock stone "
    "stool stop store stove straw stream string strong stucco student "
    "subject submit subway such sudden suede sugar suit sultan summer "
    "sundial sunny super supper sure surge surprise survey sushi sustain "
    "swan swap swarm sweater swift swim swing switch symbol syrup system "
    "table tackle taco tailor take talent talk tall tango tank tape target "
    "tariff taro tart task taste taxi teach teddy teeth tell temple tenant "
    "tender tennis tent term terrace text than that thaw theme then theory "
    "they thick thimble thing third thistle thorn those thread thrive thumb "
    "thunder tiara ticket tidy tie tiger tight tile timber tint tiny tip "
    "tissue titan title toast today toddler toffee together toilet token "
    "tomato tongue tonight tool tooth topaz topic torch tornado total touch "
    "tough tour toward towel town toy trace trade traffic trail travel tray "
    "treat tree trek trend triangle tribe trick trim trio trip trophy "
    "trousers truck true trumpet trunk trust truth try tube tuesday tulip "
    "tumble tuna tundra tune tunnel turbine turkey turn turtle tutor tuxedo "
    "twelve twenty twice twig twin twist type typical ultra umbrella unable "
    "uncle under unfold unhappy uniform union unique unit universe unlock "
    "until unusual unveil update uphill uplift upon upper upright upset "
    "uptown urban urge usage use useful usher usual utensil utility utmost "
    "vacant vacuum vague valid valley value valve van vanilla various vase "
    "vast vault vector vehicle velvet vendor venture venue verb verdict "
    "verify verse vessel vest veteran via vibrant victory video view villa "
    "vine vintage vinyl viola virtue visible visor vital vivid vocal vogue "
    "voice volcano volley volume vote vowel voyage wafer wage wagon walk "
    "wall walnut walrus waltz wander want warm warning wasp watch water wax "
    "wealth weave wedding wedge welcome well west wharf wheat wheel when "
    "whip whisper white who why wicker wide widget width wild willow win "
    "winch wing winner winter wire wisdom wish with wizard wolf woman wombat "
    "wonder wool word work worry worth wreath wren wrist yacht yard yarn "
    "yawn year yeast yellow yes yet yield yodel yoga yonder young youth "
    "yucca zebra zenith zephyr zero zest zigzag zinc zipper zodiac zone zoo "
    "zoom";

constexpr std::array<absl::string_view, kWordListSize> SplitText() {
  std::array<absl::string_view, kWordListSize> words;
  size_t begin = 0;
  for (absl::string_view& word : words) {
    size_t end = begin;
    while (end < kText.size() && kText[end] != ' ') {
      ++end;
    }
    word = kText.substr(begin, end - begin);
    begin = end + 1;
  }
  return words;
}

constexpr std::array<absl::string_view, kWordListSize> kWords = SplitText();
static_assert(kWords.back() == "zoom");

}  // namespace

absl::string_view WordAt(size_t index) { return kWords.at(index); }

std::optional<size_t> FindWord(absl::string_view word) {
  const auto* const found =
      std::lower_bound(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) {
    return std::nullopt;
  }
  const bool shortened =
      word.size() >= kWordPrefixLength && found->substr(0, word.size()) == word;
  if (*found != word && !shortened) {
    return std::nullopt;
  }
  return static_cast<size_t>(found - kWords.begin());
}

}  // namespace commonwage::crypto
