namespace GpuNets.Tests.Ops;

/// <summary>All cases of all families.</summary>
internal static class OpCatalogue
{
    private static readonly Dictionary<string, OpCase> s_cases = Find();

    public static IEnumerable<OpCase> All => s_cases.Values;

    public static OpCase Get(string name) => s_cases[name];

    public static TheoryData<string> Names() => [.. s_cases.Keys];

    public static TheoryData<string> EmulatedNames() => [.. s_cases.Values.Where(c => c.Emulate).Select(c => c.Name)];

    /// <summary>A few small cases of each family.</summary>
    public static TheoryData<string> SampleNames() => [.. Families().SelectMany(family => Spread([.. family.Cases.Where(c => c.Emulate)])).Select(c => c.Name)];

    private static IEnumerable<OpCase> Spread(OpCase[] cases)
    {
        const int most = 4;
        for (int i = 0; i < Math.Min(most, cases.Length); i++) yield return cases[i * cases.Length / Math.Min(most, cases.Length)];
    }

    private static IEnumerable<IOpCases> Families() => typeof(OpCatalogue).Assembly.GetTypes()
        .Where(type => type.IsClass && !type.IsAbstract && typeof(IOpCases).IsAssignableFrom(type))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .Select(type => (IOpCases)Activator.CreateInstance(type, nonPublic: true)!);

    private static Dictionary<string, OpCase> Find() => Families().SelectMany(family => family.Cases).ToDictionary(c => c.Name);   // throws if two families use one name
}
