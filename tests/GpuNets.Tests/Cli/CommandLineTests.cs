using System.Text.Json;
using Xunit;
using static GpuNets.Tests.Cli.CommandRun;

namespace GpuNets.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("--bogus", "--bogus")]
    [InlineData("fly", "fly")]
    [InlineData("train", "train needs a model")]
    [InlineData("train nothing", "ntm-copy")]
    [InlineData("train ntm-copy --steps many", "--steps")]
    [InlineData("train ntm-copy --steps -5", "Steps")]
    [InlineData("train ntm-copy --preset huge", "quick")]
    [InlineData("train ntm-copy --device gpu9", "gpu9")]
    [InlineData("train ntm-copy --set Color=red", "Color")]
    [InlineData("train ntm-copy --set Training.Steps=red", "whole number")]
    [InlineData("train ntm-copy --set Training", "Option=value")]
    [InlineData("train --resume no/such/folder", "no/such/folder")]
    [InlineData("train ntm-copy --resume x", "--resume")]
    [InlineData("eval no/such/folder", "no/such/folder")]
    [InlineData("info no/such/file", "no/such/file")]
    public async Task What_a_user_gets_wrong_is_one_line_and_exit_code_2(string line, string expected)
    {
        await Task.Yield();
        var (code, output, error) = Run(line.Split(' '));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_arguments_the_help_is_shown()
    {
        await Task.Yield();
        var (code, output, _) = Run();
        Assert.Equal(0, code);
        foreach (string command in (string[])["devices", "models", "train", "eval", "info"]) Assert.Contains(command, output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Models_and_experiments_are_listed_once()
    {
        await Task.Yield();
        foreach (string command in (string[])["models", "experiment"])
        {
            string[] names = [.. Run(command, "--json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()!)];
            Assert.Contains("aproned-objects", names);
            Assert.Equal(names.Order(StringComparer.Ordinal), names);
            Assert.Equal(names.Distinct(), names);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Devices_lists_the_cpu_as_text_and_as_json()
    {
        await Task.Yield();
        Assert.Contains("cpu", Run("devices").Output, StringComparison.Ordinal);
        var lines = Run("devices", "--json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonDocument.Parse(text).RootElement).ToArray();
        Assert.Contains(lines, line => line.GetProperty("id").GetString() == "cpu" && line.GetProperty("usable").GetBoolean());
    }

    [Fact(Timeout = 120_000)]
    public async Task Training_resumes_evaluates_and_keeps_the_json_contract()
    {
        await Task.Yield();
        string folder = Path.Combine(Path.GetTempPath(), $"gpunets-cli-{Guid.NewGuid():N}");
        try
        {
            string[] common = ["--device", TestDevices.Name, "--json"];
            var first = Run(["train", "ntm-copy", "--steps", "20", "--set", "Training.ReportEvery=5", "--no-baseline", "--out", folder, .. common]);
            Assert.Equal("", first.Error);
            Assert.Equal(0, first.Code);
            var lines = Parse(first.Output);
            Assert.Equal("start", lines[0].GetProperty("kind").GetString());
            Assert.True(lines[0].GetProperty("parameterCount").GetInt64() > 0);
            Assert.Equal(4, lines.Count(line => line.GetProperty("kind").GetString() == "step"));
            var step = lines.First(line => line.GetProperty("kind").GetString() == "step");
            Assert.True(double.IsFinite(step.GetProperty("loss").GetDouble()) && step.GetProperty("stepsPerSecond").GetDouble() > 0);
            var final = lines[^1];
            Assert.Equal("final", final.GetProperty("kind").GetString());
            Assert.Equal(20, final.GetProperty("steps").GetInt64());
            Assert.True(final.GetProperty("metrics").TryGetProperty("bitErrorsPerSequence", out _));
            Assert.All(final.GetProperty("figures").EnumerateArray(), figure => Assert.True(new FileInfo(figure.GetString()!).Length > 1000));

            Assert.Contains("holds a run already", Run(["train", "ntm-copy", "--out", folder, .. common]).Error, StringComparison.Ordinal);

            var second = Parse(Run(["train", "--resume", folder, "--steps", "30", "--no-baseline", .. common]).Output);
            Assert.Equal(30, second[^1].GetProperty("steps").GetInt64());
            Assert.Equal(25, second.First(line => line.GetProperty("kind").GetString() == "step").GetProperty("step").GetInt64());

            var evaluated = Parse(Run(["eval", folder, .. common]).Output);
            Assert.Equal(second[^1].GetProperty("metrics").ToString(), evaluated[^1].GetProperty("metrics").ToString());

            Assert.Contains("ntm-copy", Run("info", folder).Output, StringComparison.Ordinal);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Models_lists_every_recipe_and_its_options()
    {
        await Task.Yield();
        Assert.Contains("ntm-copy", Run("models").Output, StringComparison.Ordinal);
        Assert.Contains("Training.Steps", Run("models", "ntm-copy").Output, StringComparison.Ordinal);
    }

    private static JsonElement[] Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonDocument.Parse(text).RootElement)];
}
