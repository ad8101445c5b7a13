using System.Reflection;

namespace GpuNets.Tests.Architecture;

/// <summary>The rules of the house that a compiler does not check.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact(Timeout = 300_000)]
    public async Task References_point_one_way()
    {
        await Task.Yield();
        var names = Solution.Assemblies.Select(assembly => assembly.GetName().Name!).ToList();
        foreach (var assembly in Solution.Assemblies)
        {
            int floor = names.IndexOf(assembly.GetName().Name!);
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                int other = names.IndexOf(reference.Name!);
                Assert.True(other < floor, $"{names[floor]} refers to {reference.Name}, which stands above it");
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Kernels_and_layers_depend_on_ILGPU_alone()
    {
        await Task.Yield();
        foreach (var assembly in Solution.Assemblies.Take(2))
        {
            string[] others = [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
                .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name is not ("ILGPU" or "ILGPU.Algorithms" or "GpuNets.Kernels"))];
            Assert.True(others.Length == 0, $"{assembly.GetName().Name} depends on {string.Join(", ", others)}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Libraries_never_print()
    {
        await Task.Yield();
        foreach (var assembly in Solution.Libraries)
            Assert.DoesNotContain("System.Console", assembly.GetReferencedAssemblies().Select(reference => reference.Name));
    }

    [Fact(Timeout = 300_000)]
    public async Task No_ILGPU_type_is_public()
    {
        await Task.Yield();
        string[] shown = [.. Solution.Libraries.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(Shown)
            .Where(pair => Parts(pair.Type).Any(type => type.Assembly.GetName().Name!.StartsWith("ILGPU", StringComparison.Ordinal)))
            .Select(pair => $"{pair.Where} shows {pair.Type}")];
        Assert.True(shown.Length == 0, string.Join("\n", shown));
    }

    [Fact(Timeout = 300_000)]
    public async Task Public_types_stand_in_four_flat_namespaces()
    {
        await Task.Yield();
        string[] wrong = [.. Solution.Libraries.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Namespace is not ("GpuNets" or "GpuNets.Kernels" or "GpuNets.Training" or "GpuNets.Models"))
            .Select(type => type.FullName!)];
        Assert.True(wrong.Length == 0, $"Other namespaces: {string.Join(", ", wrong)}");
    }

    [Fact(Timeout = 300_000)]
    public async Task Files_are_short_and_named_after_what_they_hold()
    {
        await Task.Yield();
        string[] banned = ["Helper", "Util", "Misc", "Remaining", "Common", "Manager"];
        var wrong = new List<string>();
        foreach (string source in Solution.Sources)
        {
            int lines = File.ReadLines(Path.Combine(Solution.Folder, source)).Count();
            if (lines > 400) wrong.Add($"{source} has {lines} lines, at most 400 are allowed");
            string name = Path.GetFileNameWithoutExtension(source);
            if (banned.Any(word => name.Contains(word, StringComparison.Ordinal))) wrong.Add($"{source} is named after nothing in particular");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_file_holds_one_public_type()
    {
        await Task.Yield();
        string[] wrong = [.. Solution.Sources
            .Select(source => (Source: source, Types: File.ReadLines(Path.Combine(Solution.Folder, source)).Count(IsPublicType)))
            .Where(pair => pair.Types > 1)
            .Select(pair => $"{pair.Source} holds {pair.Types} public types")];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    /// <summary>A declaration at the outermost level; types in types may share the file.</summary>
    private static bool IsPublicType(string line) => line.StartsWith("public ", StringComparison.Ordinal)
        && (line.Split(' ') is var words && words.Any(word => word is "class" or "struct" or "interface" or "enum" or "record" or "delegate"));

    /// <summary>Every type that a user of a public type can see, with the place where it is seen.</summary>
    private static IEnumerable<(string Where, Type Type)> Shown(Type type)
    {
        if (type.BaseType is { } parent) yield return ($"base of {type.FullName}", parent);
        foreach (var face in type.GetInterfaces().Where(face => face.IsPublic || face.IsNestedPublic)) yield return ($"interface of {type.FullName}", face);
        foreach (var parameter in type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()))
            yield return ($"constraint of {type.FullName}", parameter);
        foreach (var member in type.GetMembers(Declared))
        {
            string where = $"{type.FullName}.{member.Name}";
            switch (member)
            {
                case FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } or FieldInfo { IsFamilyOrAssembly: true }:
                    yield return (where, ((FieldInfo)member).FieldType);
                    break;
                case MethodBase { IsPublic: true } or MethodBase { IsFamily: true } or MethodBase { IsFamilyOrAssembly: true }:
                    if (member is MethodInfo method) yield return (where, method.ReturnType);
                    foreach (var parameter in ((MethodBase)member).GetParameters()) yield return (where, parameter.ParameterType);
                    break;
            }
        }
    }

    /// <summary>A type, its element type and its generic arguments, all the way down.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        yield return type;
        if (type.HasElementType)
            foreach (var part in Parts(type.GetElementType()!)) yield return part;
        foreach (var argument in type.GetGenericArguments().Where(argument => !argument.IsGenericParameter))
            foreach (var part in Parts(argument)) yield return part;
    }
}
