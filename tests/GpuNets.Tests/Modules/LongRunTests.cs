namespace GpuNets.Tests.Modules;

/// <summary>Ten thousand steps of a small network leave pool and managed heap as they were.</summary>
[Collection(nameof(Alone))]
public sealed class LongRunTests
{
    [Fact(Timeout = 120_000)]
    public async Task Ten_thousand_steps_grow_neither_pool_nor_heap()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, seed: 3);
        var table = new Embedding(vars["table"], 5, 4);
        var net = new Sequential(vars["net"], v => new Linear(v, 8, 8, activation: Activation.Tanh), v => new Dropout(v, 0.1f), v => new LayerNorm(v, 8), v => new Linear(v, 8, 1));
        var adam = new Adam(vars.Parameters, 1e-3f);
        float[] error = new float[4];
        int[] indices = new int[8];
        Run(500);
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        var pool = device.Memory;
        Run(10_000);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - heap;
        Assert.Equal(pool.DeviceAllocations, device.Memory.DeviceAllocations);
        Assert.Equal(pool.PeakBytes, device.Memory.PeakBytes);
        Assert.Equal(pool.LiveBytes, device.Memory.LiveBytes);
        // A step that kept one object of 24 bytes would have grown the heap by 240 kB.
        Assert.True(grown < 100_000, $"the managed heap grew by {grown:N0} bytes");

        void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < indices.Length; i++) indices[i] = (step + i * i) % 5;
                using var tape = device.Record();
                var y = net.Forward(table.Forward(device.Indices(indices, (4, 2))).Flatten(1));
                y.CopyTo(error);
                tape.Backward(y, device.Tensor(error, y.Shape));
                adam.Step();
            }
        }
    }
}
