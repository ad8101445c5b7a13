using System.Runtime.CompilerServices;
using Xunit;

namespace GpuNets.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_library_example_is_the_compiled_one()
    {
        await Task.Yield();
        string root = Root(), readme = File.ReadAllText(Path.Combine(root, "README.md"));
        string block = readme.Split("```csharp\n")[1].Split("```")[0];
        string[] source = File.ReadAllText(Path.Combine(root, "tests/GpuNets.Tests/Readme/RingsExample.cs")).Split("        // README\n");
        string example = string.Join('\n', source[1].Split('\n').Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line));
        Assert.Equal(block, example);
        Assert.InRange(block.Split('\n').Length, 10, 26);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_library_example_learns()
    {
        await Task.Yield();
        Assert.InRange(RingsExample.Run(), 0.9, 1.0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_file_and_folder_that_the_readme_names_is_there()
    {
        await Task.Yield();
        string root = Root(), readme = File.ReadAllText(Path.Combine(root, "README.md"));
        var links = System.Text.RegularExpressions.Regex.Matches(readme, @"\]\((?!http)([^)]+)\)").Select(match => match.Groups[1].Value);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(root, link)), $"{link} is not there"));
    }

    /// <summary>The checkout that this source file was compiled from; a packed test program runs elsewhere and has none.</summary>
    private static string Root([CallerFilePath] string file = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
        Assert.SkipUnless(File.Exists(Path.Combine(root, "README.md")), "The sources are not on this machine.");
        return root;
    }
}
