namespace GpuNets.Tests.Ops;

/// <summary>What the cases do not show: the memory that the chunks save.</summary>
public sealed class LinearCrossEntropyTests
{
    [Fact(Timeout = 60_000)]
    public async Task Only_one_chunk_of_logits_is_there_at_a_time()
    {
        await Task.Yield();
        const int rows = 512, inputs = 8, classes = 2000, chunk = 32;
        long whole = Peak(x => x[0].MatMul(x[1], transposeOther: true).CrossEntropy(x[0].Device.Indices(new int[rows])));
        long chunked = Peak(x => x[0].LinearCrossEntropy(x[1], x[0].Device.Indices(new int[rows]), chunkRows: chunk));
        // Operands with their gradients, labels and row sums, a chunk of logits, and what its products copy.
        long allowed = 4L * (2 * (rows + classes) * inputs + 8 * rows + 3 * chunk * classes) + 65536;
        Assert.True(chunked < allowed, $"peak of {chunked} bytes, allowed {allowed}");
        Assert.True(whole > 4L * 2 * rows * classes, $"the plain form holds logits and their gradient, but its peak is {whole} bytes");

        static long Peak(Func<Tensor[], Tensor> loss)
        {
            using var device = TestDevices.Open();
            using var tape = device.Record();
            Tensor[] x = [device.Tensor(new float[rows * inputs], (rows, inputs)), device.Tensor(new float[classes * inputs], (classes, inputs))];
            foreach (var input in x) tape.Watch(input);
            tape.Backward(loss(x));
            return device.Memory.PeakBytes;
        }
    }
}
