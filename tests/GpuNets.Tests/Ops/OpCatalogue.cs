namespace GpuNets.Tests.Ops;

/// <summary>All cases of all families.</summary>
internal static class OpCatalogue
{
    private static readonly Dictionary<string, OpCase> s_cases = Find();

    public static IEnumerable<OpCase> All => s_cases.Values;

    public static OpCase Get(string name) => s_cases[name];

    public static TheoryData<string> Names() => [.. s_cases.Keys];

    public static TheoryData<string> EmulatedNames() => [.. s_cases.Values.Where(c => c.Emulate).Select(c => c.Name)];

    private static Dictionary<string, OpCase> Find() => typeof(OpCatalogue).Assembly.GetTypes()
        .Where(type => type.IsClass && !type.IsAbstract && typeof(IOpCases).IsAssignableFrom(type))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .SelectMany(type => ((IOpCases)Activator.CreateInstance(type, nonPublic: true)!).Cases)
        .ToDictionary(c => c.Name);   // throws if two families use one name
}
