using System.Collections.Frozen;

namespace GpuNets.Training;

/// <summary>Words whose full stop does not end a sentence.</summary>
internal static class Abbreviations
{
    private static readonly FrozenSet<string> _general = Set("Dr Hr Mr Prof St");
    private static readonly FrozenSet<string> _english = Set(
        "Adj Adm Adv Asst Bart Bldg Brig Bros Capt Cmdr Col Comdr Con Corp Cpl DR Dr Ens Gen Gov Hon Hosp Insp Lt MM MR MRS MS Maj Messrs Mlle "
        + "Mme Mr Mrs Ms Msgr Op Ord Pfc Ph Prof Pvt Rep Reps Res Rev Rt Sen Sens Sfc Sgt Sr St Supt Surg vs v i.e rev e.g");
    private static readonly FrozenSet<string> _german = Set(
        "Adj Adm Adv Asst Bros Cmdr Col Comdr Con Corp Dr Ens Gen Gov Hon Hosp Insp Lt Maj Messrs Mlle Mme Mr Mrs Ms Msgr Op Ord Prof Pvt Rep "
        + "Res Rev Rt Sen Sgt Sr St Supt Mio Mrd bzw v vs usw d.h z.B u.a etc Mrd MwSt ggf evtl vgl ca bspw inkl Hr Fr Str Nr");
    private static readonly FrozenSet<string> _french = Set(
        "A.D.N art av auj bibl boul bd ca chap cf chap coll dir éd env etc ex fasc fig hab id lit Mme Mlle MM Mr nb obs op p.c.q ph pp réf s.d sq "
        + "st vol vs zool Dr St");
    private static readonly FrozenSet<string> _beforeNumbers = Set("No Nos Art Nr pp art no");

    public static bool Contains(string language, string stem, bool beforeNumber)
    {
        if (stem.Length == 1 && char.IsUpper(stem[0])) return true;
        if (beforeNumber && _beforeNumbers.Contains(stem)) return true;
        // German ordinals: am 3. Mai.
        if (language == "de" && stem.Length <= 2 && stem.All(char.IsAsciiDigit)) return true;
        return (language switch { "en" => _english, "de" => _german, "fr" => _french, _ => _general }).Contains(stem);
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
