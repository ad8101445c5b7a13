namespace GpuNets.Tests.State;

public sealed class StateDictTests
{
    private static KeyValuePair<string, IReadOnlyList<long>> Expect(string name, params long[] shape) => new(name, shape);

    [Fact(Timeout = 10_000)]
    public async Task One_error_lists_everything_that_does_not_fit()
    {
        await Task.Yield();
        var state = new StateDict();
        state.Add(StateTensor.From("hidden.weight", [2, 3], new float[6]));
        state.Add(StateTensor.From("hidden.bias", [2], new float[2]));
        state.Add(StateTensor.From("old.weight", [1], new float[1]));

        var error = Assert.Throws<StateDictException>(() => state.Require(
            [Expect("hidden.weight", 3, 2), Expect("hidden.bias", 2), Expect("output.weight", 5), Expect("output.bias", 5)]));

        Assert.Equal(["output.weight", "output.bias"], error.Missing);
        Assert.Equal(["old.weight"], error.Unexpected);
        Assert.Equal(["\"hidden.weight\" is [2, 3] but the model has [3, 2]"], error.Mismatched);
        Assert.Equal(
            "state does not fit the model. missing (2): \"output.weight\", \"output.bias\". unexpected (1): \"old.weight\"." +
            " mismatched (1): \"hidden.weight\" is [2, 3] but the model has [3, 2].", error.Message);
    }

    [Fact(Timeout = 10_000)]
    public async Task What_fits_passes()
    {
        await Task.Yield();
        var state = new StateDict();
        state.Add(StateTensor.From("a", [2], new float[2]));
        state.Add(StateTensor.From("scalar", [], [1L]));
        state.Require([Expect("scalar"), Expect("a", 2)]);
        Assert.Throws<StateDictException>(() => state.Require([Expect("scalar", 1), Expect("a", 2)]));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_failed_save_leaves_the_file_from_before_and_no_litter()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        AtomicFile.WriteText(folder.File("a.txt"), "before");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.File("a.txt"), stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal("before", File.ReadAllText(folder.File("a.txt")));
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        AtomicFile.WriteText(folder.File("a.txt"), "after");
        Assert.Equal("after", File.ReadAllText(folder.File("a.txt")));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(folder.File("absent/a.txt"), "x"));
    }
}
