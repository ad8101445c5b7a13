using GpuNets.Models;

namespace GpuNets.Tests.Ntm;

/// <summary>
/// A machine whose weights are set by hand so that it copies: the write head goes one row on in every step; a cell that the delimiter
/// latches sets the read head in motion. Tests everything but learning.
/// </summary>
public sealed class HandWiredCopyTests
{
    private const int Bits = 8, Latch = Bits, Width = 10, Rows = 128, Columns = 20;
    private const float Open = 60f, Shut = -60f;

    [Theory(Timeout = 300_000)]
    [InlineData(NtmForm.Persistent, 120)]
    [InlineData(NtmForm.Steps, 20)]
    internal async Task Copies_without_an_error(NtmForm form, int length)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var machine = Wire(lease.Device, form);
        using var scope = lease.Device.Scope();
        var batch = new CopyTask().AtLength(length).Generate(4, seed: 2, index: 0);
        var score = batch.Score(machine.Forward(batch.InputsOn(lease.Device)).ToArray());
        Assert.Equal(0, score.BitErrors);
        Assert.True(score.Bits < 0.5, $"{score.Bits} bits");
    }

    [Fact(Timeout = 300_000)]
    public async Task The_trace_shows_heads_in_step()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var machine = Wire(lease.Device, NtmForm.Persistent);
        using var scope = lease.Device.Scope();
        var batch = new CopyTask().AtLength(5).Generate(2, seed: 2, index: 1);
        machine.Forward(batch.InputsOn(lease.Device), out var trace);
        float[] write = trace.WriteWeightings(1), read = trace.ReadWeightings(1), adds = trace.Adds(1), reads = trace.Reads(1);
        for (int t = 0; t < 5; t++)
        {
            Assert.Equal(1f, write[t * Rows + 2 + t], 1e-6f);
            Assert.Equal(1f, read[(6 + t) * Rows + 2 + t], 1e-6f);
            for (int bit = 0; bit < Bits; bit++) Assert.Equal(adds[t * Columns + bit], reads[(6 + t) * Columns + bit], 1e-4f);
        }
    }

    private static NeuralTuringMachine Wire(Device device, NtmForm form)
    {
        var vars = new Vars(device);
        var options = NtmOptions.Paper(Bits + 1, Bits) with
        {
            ControllerWidth = Width,
            WeightingInit = NtmWeightingInit.Learned,
            Form = form,
        };
        var machine = new NeuralTuringMachine(vars, options);
        var values = vars.Parameters.ToDictionary(p => p.Path, p => new float[p.Count]);
        int inputs = Bits + 1 + Columns;
        float[] x = values["controller.lstm.weight_ih_l0"], own = values["controller.lstm.weight_hh_l0"], bias = values["controller.lstm.bias_ih_l0"];
        for (int unit = 0; unit < Bits; unit++)
        {
            // Gates i, f, g, o: remember nothing; +1 or -1 for the bit, and 0 once the latch is set.
            (bias[unit], bias[Width + unit], bias[2 * Width + unit], bias[3 * Width + unit]) = (Open, Shut, -20, Open);
            own[unit * Width + Latch] = -200;
            x[(2 * Width + unit) * inputs + unit] = 40;
        }
        (bias[Latch], bias[Width + Latch], bias[2 * Width + Latch], bias[3 * Width + Latch]) = (Shut, Open, Open, Open);
        x[Latch * inputs + Bits] = 120;   // the delimiter opens the latch's input

        int g = Columns + 1, taps = g + 1, erase = taps + 4, add = erase + Columns;
        float[] readBias = values["heads.0.fc_read.bias"], read = values["heads.0.fc_read.weight"];
        readBias[g] = Shut;
        readBias[taps + 1] = Open;
        read[(taps + 1) * Width + Latch] = -200;
        read[(taps + 2) * Width + Latch] = 120;
        float[] writeBias = values["heads.1.fc_write.bias"], write = values["heads.1.fc_write.weight"];
        writeBias[g] = Shut;
        writeBias[taps + 2] = Open;
        for (int bit = 0; bit < Bits; bit++)
        {
            writeBias[erase + bit] = Open;
            write[(erase + bit) * Width + Latch] = -200;
            write[(add + bit) * Width + bit] = 10;
            values["fc.weight"][bit * (Width + Columns) + Width + bit] = 10;
        }
        // The read head starts on row 0 and moves from the delimiter on; the write head starts on row 1, so that both meet on row 2.
        values["weighting_bias"][0] = Open;
        values["weighting_bias"][Rows + 1] = Open;
        foreach (var parameter in vars.Parameters) parameter.Assign(values[parameter.Path]);
        return machine;
    }
}
