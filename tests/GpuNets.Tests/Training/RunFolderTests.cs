using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class RunFolderTests
{
    private sealed record Options(int Width, float Rate, string[] Names);

    [Fact(Timeout = 10_000)]
    public async Task Options_come_back_and_a_run_is_not_overwritten()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        RunFolder.Create(temp.File("a/b"), new Options(3, 1e-3f, ["x"]));
        var folder = RunFolder.Open(temp.File("a/b"));
        var options = folder.ReadOptions<Options>();
        Assert.Equal((3, 1e-3f, "x"), (options.Width, options.Rate, options.Names[0]));
        Assert.Empty(folder.ReadMetrics());
        Assert.True(Directory.Exists(folder.PlotsFolder));
        Assert.Contains("holds a run already", Assert.Throws<IOException>(() => RunFolder.Create(temp.File("a/b"), options)).Message, StringComparison.Ordinal);
        Assert.NotEqual(RunFolder.CreateUnder(temp.Path, "run", options).Path, RunFolder.CreateUnder(temp.Path, "run", options).Path);
    }

    [Fact(Timeout = 10_000)]
    public async Task What_is_no_run_says_so()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Assert.Throws<DirectoryNotFoundException>(() => RunFolder.Open(temp.File("absent")));
        Assert.Contains("options.json", Assert.Throws<FileNotFoundException>(() => RunFolder.Open(temp.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(temp.File("options.json"), "{\"width\":\"wide\"}");
        Assert.Contains("options.json", Assert.Throws<DataFileException>(() => RunFolder.Open(temp.Path).ReadOptions<Options>()).Message, StringComparison.Ordinal);
    }
}
