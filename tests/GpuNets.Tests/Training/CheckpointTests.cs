using System.Globalization;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class CheckpointTests
{
    private static void AssertIsOf(long step, Checkpoint? checkpoint)
    {
        Assert.NotNull(checkpoint);
        var expected = CheckpointWriterProcess.Make(step);
        Assert.Equal(step, checkpoint.Run.Step);
        Assert.Equal([step], checkpoint.Optimizer["step"].ToInt64());
        Assert.Equal(expected.Model.Names, checkpoint.Model.Names);
        foreach (var tensor in expected.Model) Assert.True(tensor.Bytes.Span.SequenceEqual(checkpoint.Model[tensor.Name].Bytes.Span));
    }

    private static string[] Contents(TempFolder folder) => [.. Directory.GetFileSystemEntries(folder.Path).Select(e => Path.GetFileName(e)!).Order()];

    [Fact(Timeout = 20_000)]
    public async Task Saved_and_loaded_is_equal_and_only_the_last_few_stay()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path, keep: 2);
        Assert.Null(folder.LoadLatest());
        foreach (long step in (long[])[10, 20, 30])
        {
            folder.Save(CheckpointWriterProcess.Make(step));
            AssertIsOf(step, folder.LoadLatest());
        }
        Assert.Equal(["latest", "step-000000020", "step-000000030"], Contents(temp));
        Assert.Equal("kill test", folder.LoadLatest()!.Run.Task);
        Assert.Equal(1UL, folder.LoadLatest()!.Run.Seed);
        Assert.Null(new CheckpointFolder(temp.File("absent")).LoadLatest());
    }

    [Fact(Timeout = 60_000)]
    public async Task Killing_the_writer_at_any_moment_leaves_the_last_good_checkpoint()
    {
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path, keep: 2);
        var random = new Random(7);
        long reached = 0;
        for (int kill = 0; kill < 6; kill++)
        {
            using var writer = CheckpointWriterProcess.Start(temp.Path);
            string? first = await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(first);
            await Task.Delay(random.Next(150), TestContext.Current.CancellationToken);
            writer.Kill();
            string rest = await writer.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            // A torn last line tells nothing: only lines that ended were saved for certain.
            long told = (first + "\n" + rest[..(rest.LastIndexOf('\n') + 1)]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Max(line => long.Parse(line, CultureInfo.InvariantCulture));

            var latest = folder.LoadLatest();

            Assert.NotNull(latest);
            AssertIsOf(latest.Run.Step, latest);
            Assert.True(told > reached, $"The writer went on from step {reached} and told of {told}.");
            Assert.True(latest.Run.Step >= told, $"Step {told} was saved but step {latest.Run.Step} came back.");
            reached = latest.Run.Step;
        }
    }

    public static TheoryData<string> Crashes => ["half a folder", "latest not updated", "latest empty", "latest names nothing",
        "model cut", "model flipped", "optimizer gone", "run.json cut", "run.json empty", "run.json of the future", "half removed"];

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Crashes))]
    public async Task Whatever_a_crash_leaves_the_newest_whole_checkpoint_is_found(string crash)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path);
        folder.Save(CheckpointWriterProcess.Make(1));
        string second = folder.Save(CheckpointWriterProcess.Make(2));
        string model = Path.Combine(second, "model.safetensors"), run = Path.Combine(second, "run.json"), latest = temp.File("latest");
        long expected = 1;
        switch (crash)
        {
            case "half a folder":
                Directory.CreateDirectory(temp.File("step-000000003.tmp"));
                File.WriteAllText(Path.Combine(temp.File("step-000000003.tmp"), "model.safetensors"), "half");
                expected = 2;
                break;
            case "latest not updated": File.WriteAllText(latest, "step-000000001\n"); break;
            case "latest empty": File.WriteAllText(latest, ""); expected = 2; break;
            case "latest names nothing": File.WriteAllText(latest, "step-000000009\n"); expected = 2; break;
            case "model cut": File.WriteAllBytes(model, File.ReadAllBytes(model)[..^100]); break;
            case "model flipped":
                byte[] bytes = File.ReadAllBytes(model);
                bytes[^1] ^= 1;
                File.WriteAllBytes(model, bytes);
                break;
            case "optimizer gone": File.Delete(Path.Combine(second, "optimizer.safetensors")); break;
            case "run.json cut": File.WriteAllText(run, File.ReadAllText(run)[..50]); break;
            case "run.json empty": File.WriteAllText(run, ""); break;
            case "run.json of the future": File.WriteAllText(run, File.ReadAllText(run).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal)); break;
            case "half removed": Directory.Move(second, second + ".tmp"); break;
            default: Assert.Fail(crash); break;
        }

        AssertIsOf(expected, folder.LoadLatest());

        folder.Save(CheckpointWriterProcess.Make(4));
        AssertIsOf(4, folder.LoadLatest());
        Assert.DoesNotContain(Contents(temp), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact(Timeout = 20_000)]
    public async Task When_nothing_is_whole_the_error_lists_what_is_wrong_with_each()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path);
        File.Delete(Path.Combine(folder.Save(CheckpointWriterProcess.Make(1)), "run.json"));
        File.WriteAllText(Path.Combine(folder.Save(CheckpointWriterProcess.Make(2)), "run.json"), "{}");

        var error = Assert.Throws<CheckpointException>(folder.LoadLatest);

        Assert.Contains("none of 2 checkpoints", error.Message, StringComparison.Ordinal);
        Assert.Contains("run.json is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("run.json is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_step_saved_again_replaces_the_first_only_when_it_is_safe()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = new CheckpointFolder(temp.Path, keep: 1);
        folder.Save(CheckpointWriterProcess.Make(5));
        folder.Save(CheckpointWriterProcess.Make(5));
        Assert.Equal(["latest", "step-000000005.2"], Contents(temp));
        AssertIsOf(5, folder.LoadLatest());
    }
}
