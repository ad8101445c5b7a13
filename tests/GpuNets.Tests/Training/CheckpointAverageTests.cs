using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>Means of saved models.</summary>
public sealed class CheckpointAverageTests
{
    private static StateDict Model(float a, long counter, params float[] b)
    {
        var state = new StateDict { Metadata = { ["format"] = "pt" } };
        state.Add(StateTensor.From("a", [], [a]));
        state.Add(StateTensor.From("b", [b.Length], b));
        state.Add(StateTensor.From("counter", [], [counter]));
        return state;
    }

    [Fact(Timeout = 20_000)]
    public async Task Floats_are_averaged_and_whole_numbers_are_the_last()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Model(1, 5, 1, -4).Save(temp.File("1"));
        Model(2, 6, 0, 1e8f).Save(temp.File("2"));
        Model(6, 7, 5, -1e8f).Save(temp.File("3"));
        var average = CheckpointAverage.OfFiles([temp.File("1"), temp.File("2"), temp.File("3")]);
        Assert.Equal([3f], average["a"].ToFloats());
        // In float arithmetic the large values would swallow the -4.
        Assert.Equal([2f, -4 / 3f], average["b"].ToFloats());
        Assert.Equal([7], average["counter"].ToInt64());
        Assert.Equal("3", average.Metadata[CheckpointAverage.CountEntry]);
        Assert.Equal("pt", average.Metadata["format"]);
        Assert.Equal(Model(1, 5, 1, -4)["b"].ToFloats(), CheckpointAverage.OfFiles([temp.File("1")])["b"].ToFloats());
    }

    [Fact(Timeout = 20_000)]
    public async Task Models_of_other_names_or_shapes_are_refused()
    {
        await Task.Yield();
        var other = new StateDict();
        other.Add(StateTensor.From("a", [], [1f]));
        other.Add(StateTensor.From("c", [2], [1f, 2f]));
        var error = Assert.Throws<StateDictException>(() => CheckpointAverage.Of([Model(1, 1, 1, 2), other]));
        Assert.Equal(["b", "counter"], error.Missing);
        Assert.Equal(["c"], error.Unexpected);
        Assert.Single(Assert.Throws<StateDictException>(() => CheckpointAverage.Of([Model(1, 1, 1, 2), Model(1, 1, 1, 2, 3)])).Mismatched);
        Assert.Throws<ArgumentException>(() => CheckpointAverage.Of([]));
        Assert.Throws<FileNotFoundException>(() => CheckpointAverage.OfFiles(["nowhere.safetensors"]));
    }

    [Fact(Timeout = 20_000)]
    public async Task The_last_checkpoints_of_a_run_are_averaged()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        var weights = new List<float>();
        var task = new Walk();
        foreach (var report in new Trainer(task, new TrainerOptions { Steps = 20, ReportEvery = 4, CheckpointEvery = 4, KeepCheckpoints = 4 }, folder).Run(TestContext.Current.CancellationToken))
            weights.Add(task.Weight);
        Assert.Equal(5, weights.Count);
        foreach (int count in (int[])[1, 3, 4])
            Assert.Equal([(float)weights.TakeLast(count).Average(w => (double)w)], CheckpointAverage.OfLast(folder, count)["weight"].ToFloats());
        Assert.Contains("4 checkpoints, but 5", Assert.Throws<CheckpointException>(() => CheckpointAverage.OfLast(folder, 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CheckpointAverage.OfLast(folder, 0));

        string newest = new CheckpointFolder(folder.CheckpointsFolder).List()[^1];
        Assert.EndsWith("step-000000020", newest, StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(newest, "model.safetensors"), "x");
        Assert.Contains("not the file that was saved", Assert.Throws<CheckpointException>(() => CheckpointAverage.OfLast(folder, 2)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Checkpoints_of_a_rewound_run_are_left_out()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path, keep: 10);
        foreach (long step in (long[])[10, 20, 30, 40]) folder.Save(CheckpointWriterProcess.Make(step));
        // Taken up from 10: goes through 20 again.
        folder.Save(CheckpointWriterProcess.Make(20));
        Assert.Equal(["step-000000010", "step-000000020.2"], folder.List().Select(path => Path.GetFileName(path)));
        Assert.Empty(new CheckpointFolder(temp.File("none")).List());
    }
}
