using System.Reflection;

namespace GpuNets.Tests.Architecture;

/// <summary>The assemblies and sources of the solution.</summary>
internal static class Solution
{
    /// <summary>Assemblies from the lowest floor to the highest; each may refer to those before it.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [.. new[] { "GpuNets.Kernels", "GpuNets.Layers", "GpuNets.Training", "GpuNets.Models", "gpunets" }.Select(Assembly.Load)];

    /// <summary>All but the command line.</summary>
    public static IEnumerable<Assembly> Libraries => Assemblies.SkipLast(1);

    /// <summary>The folder that holds the solution file.</summary>
    public static string Folder { get; } = FindFolder();

    public static Assembly Get(string name) => Assemblies.Single(assembly => assembly.GetName().Name == name);

    /// <summary>Source files of the libraries, as paths from the solution's folder.</summary>
    public static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Folder, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GpuNets.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No GpuNets.sln above {AppContext.BaseDirectory}.");
    }
}
