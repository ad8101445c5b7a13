namespace GpuNets.Tests.Architecture;

/// <summary>
/// The public API is a text file beside this test, so that a change of it shows in review. After a wanted change run the tests with
/// GPUNETS_ACCEPT_API=1 and commit the files.
/// </summary>
public sealed class PublicApiTests
{
    [Theory(Timeout = 300_000)]
    [InlineData("GpuNets.Kernels")]
    [InlineData("GpuNets.Layers")]
    [InlineData("GpuNets.Training")]
    [InlineData("GpuNets.Models")]
    public async Task Is_what_was_agreed(string name)
    {
        await Task.Yield();
        string path = Path.Combine(Solution.Folder, "tests/GpuNets.Tests/Architecture", $"{name}.api.txt");
        string actual = ApiText.Of(Solution.Get(name));
        if (Environment.GetEnvironmentVariable("GPUNETS_ACCEPT_API") == "1") File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing; write it with GPUNETS_ACCEPT_API=1.");
        string[] agreed = File.ReadAllLines(path), now = actual.TrimEnd('\n').Split('\n');
        string[] gone = [.. Paths(agreed).Except(Paths(now))], added = [.. Paths(now).Except(Paths(agreed))];
        Assert.True(gone.Length + added.Length == 0,
            $"The public API of {name} changed; if that is wanted, run this test with GPUNETS_ACCEPT_API=1.\n"
            + string.Join("\n", gone.Select(line => "- " + line).Concat(added.Select(line => "+ " + line))));
    }

    /// <summary>Lines of members with their type before them.</summary>
    private static IEnumerable<string> Paths(string[] lines)
    {
        string type = "";
        foreach (string line in lines)
        {
            if (!line.StartsWith(' ')) type = line;
            yield return line.StartsWith(' ') ? $"{type} | {line.Trim()}" : line;
        }
    }
}
