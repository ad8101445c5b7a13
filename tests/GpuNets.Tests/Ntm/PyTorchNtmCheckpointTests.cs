using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.Ntm;

/// <summary>Published checkpoints give the outputs and weightings that were computed from them in double precision, and their bit errors.</summary>
public sealed class PyTorchNtmCheckpointTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task Outputs_and_weightings_are_the_golden_ones(int length)
    {
        await Task.Yield();
        string folder = TestData.Folder("ntm_reference");
        using var lease = TestDevices.Lease();
        var machine = PyTorchNtmCheckpoint.Load(lease.Device, Path.Combine(folder, "copy_seed11_40000.npz"));
        using var golden = new NpzFile(Path.Combine(folder, "copy_seed11_golden.npz"));
        float[] bits = golden[$"T{length}_seq"].ToFloats(), inputs = new float[(2 * length + 1) * 9];
        for (int i = 0; i < bits.Length; i++) inputs[i / 8 * 9 + i % 8] = bits[i];
        inputs[length * 9 + 8] = 1;
        using var scope = lease.Device.Scope();
        float[] logits = machine.Forward(lease.Device.Tensor(inputs, [2 * length + 1, 1, 9]), out var trace).ToArray();
        double[] outputs = golden[$"T{length}_out"].ToDoubles();
        for (int i = 0; i < outputs.Length; i++)
            Assert.Equal(outputs[i], 1 / (1 + Math.Exp(-logits[(length + 1) * 8 + i])), 1e-4);
        if (length == 60) return;   // weightings are kept for the shorter ones
        Close(golden[$"T{length}_read_w"].ToDoubles(), trace.ReadWeightings(0));
        Close(golden[$"T{length}_write_w"].ToDoubles(), trace.WriteWeightings(0));
    }

    [Theory(Timeout = 300_000)]
    [InlineData(11, 20, 0, 0)]
    [InlineData(11, 60, 0, 0)]
    [InlineData(11, 120, 0, 0)]
    [InlineData(1, 20, 0, 0)]
    [InlineData(1000, 20, 0, 0)]
    [InlineData(1, 40, 15, 35)]
    [InlineData(1000, 40, 4, 16)]
    public async Task Bit_errors_are_the_published_ones(int seed, int length, double least, double most)
    {
        await Task.Yield();
        string folder = TestData.Folder("ntm_reference");
        using var lease = TestDevices.Lease();
        var machine = PyTorchNtmCheckpoint.Load(lease.Device, Path.Combine(folder, $"copy_seed{seed}_40000.npz"));
        using var scope = lease.Device.Scope();
        var batch = new CopyTask().AtLength(length).Generate(20, seed: 4, index: 0);
        double errors = batch.Score(machine.Forward(batch.InputsOn(lease.Device)).ToArray()).BitErrors;
        Assert.InRange(errors, least, most);
    }

    private static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4);
    }
}
