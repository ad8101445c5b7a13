using GpuNets.Kernels;
using GpuNets.Reference;
using Xunit;

namespace GpuNets.Tests.Segments;

/// <summary>Products of rows with the matrix of their group: every form against double precision, with groups of no and of many rows.</summary>
[Collection(nameof(EmulatedGpus))]
public sealed class GroupedGemmTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(700, 5, 33, 65)]
    [InlineData(300, 40, 64, 32)]
    [InlineData(3000, 3, 17, 8)]
    public async Task On_the_device(int rows, int groups, int inputs, int outputs)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        new Case(rows, groups, inputs, outputs).Check(lease.Device);
    }

    /// <summary>Both tiles of GPUs and both kinds of access, emulated; rows of several tiles and of several parts of sums.</summary>
    [Theory(Timeout = 600_000)]
    [InlineData(150, 3, 8, 12)]
    [InlineData(140, 1, 5, 66)]
    [InlineData(129, 1, 4, 68)]
    [InlineData(90, 6, 7, 5)]
    [InlineData(1100, 1, 4, 4)]
    public async Task On_an_emulated_GPU(int rows, int groups, int inputs, int outputs)
    {
        await Task.Yield();
        using var device = EmulatedGpu.Open(units: 4);
        new Case(rows, groups, inputs, outputs).Check(device);
        Assert.Equal(0, device.Memory.LiveBlocks);
    }

    /// <summary>The form of CPUs under OpenCL, with checked indices.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(13, 3, 33, 6)]
    [InlineData(9, 6, 5, 34)]
    public async Task On_an_emulated_CPU(int rows, int groups, int inputs, int outputs)
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        new Case(rows, groups, inputs, outputs).Check(lease.Device);
    }

    [Fact(Timeout = 60_000)]
    public async Task Threads_do_not_change_the_result()
    {
        await Task.Yield();
        var sample = new Case(5000, 7, 40, 50);
        float[][]? first = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using var device = Device.Open("cpu", new DeviceOptions { Threads = threads });
            float[][] result = sample.Run(device);
            first ??= result;
            Assert.Equal(first, result);
        }
    }

    /// <summary>However many groups there are, a product is one launch where the host or a GPU computes it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_launch_for_all_groups()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        if (device.Form == ExecutionForm.Serial) return;   // packs the matrices first
        using var scope = device.Scope();
        var segments = device.Segments(device.Indices([.. Enumerable.Range(0, 200).Select(i => i % 100)]), 100);
        Tensor x = device.Tensor(new float[200 * 6], [200, 6]), matrices = device.Tensor(new float[100 * 5 * 6], [100, 5, 6]);
        long before = device.Launches;
        x.SegmentMatMul(segments, matrices);
        Assert.Equal(before + 1, device.Launches);
    }

    [Fact(Timeout = 60_000)]
    public async Task Shapes_that_do_not_fit_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        using var scope = device.Scope();
        var segments = device.SegmentsOfLengths(2, 1);
        Tensor x = device.Tensor(new float[12], [3, 4]), matrices = device.Tensor(new float[40], [2, 5, 4]);
        Refuses(() => x.Reshape(4, 3).SegmentMatMul(segments, matrices), "x [4, 3] must be [3, in], a row per row of the segments");
        Refuses(() => x.SegmentMatMul(segments, matrices.Reshape(2, 4, 5)), "matrices [2, 4, 5] must be [2, out, 4], one per segment, for x [3, 4]");
        Refuses(() => x.SegmentMatMul(segments, matrices.Reshape(10, 4)), "matrices [10, 4] must be [2, out, 4]");

        static void Refuses(Action action, string message) => Assert.Contains(message, Assert.Throws<ShapeException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>Products and sums of outer products, written and added, with shuffled rows.</summary>
    private sealed class Case
    {
        private readonly int _rows, _groups, _inputs, _outputs;
        private readonly int[] _ids;
        private readonly float[] _x, _matrices, _dy, _old, _oldX, _oldMatrices;

        public Case(int rows, int groups, int inputs, int outputs)
        {
            (_rows, _groups, _inputs, _outputs) = (rows, groups, inputs, outputs);
            var random = new Philox(7);
            // Squared, so that sizes differ; of more than four groups the second has no rows.
            _ids = [.. Enumerable.Range(0, rows).Select(i => (int)(random.Uniform((uint)i) * random.Uniform((uint)(rows + i)) * groups)).Select(id => groups > 4 && id == 1 ? 0 : id)];
            _x = Random(rows * inputs, 1);
            _matrices = Random(groups * outputs * inputs, 2);
            _dy = Random(rows * outputs, 3);
            _old = Random(rows * outputs, 4);
            _oldX = Random(rows * inputs, 5);
            _oldMatrices = Random(groups * outputs * inputs, 6);
        }

        /// <summary>y = A x, y += A x, dx = A^T dy, dx += A^T dy, dA = dy x^T, dA += dy x^T.</summary>
        public float[][] Run(Device device)
        {
            using var scope = device.Scope();
            var lists = device.Segments(device.Indices(_ids), _groups).Lists;
            DeviceBuffer x = Upload(device, _x), matrices = Upload(device, _matrices), dy = Upload(device, _dy);
            var results = new List<float[]>();
            foreach (bool accumulate in new[] { false, true })
            {
                Add(_old, y => GroupedGemm.Run(new(x, matrices, lists, y, _inputs, _outputs, TransposeB: true, accumulate)));
                Add(_oldX, dx => GroupedGemm.Run(new(dy, matrices, lists, dx, _outputs, _inputs, TransposeB: false, accumulate)));
                Add(_oldMatrices, target => GroupedOuter.Run(dy, x, lists, target, _outputs, _inputs, accumulate));

                void Add(float[] old, Action<DeviceBuffer> run)
                {
                    var target = Upload(device, accumulate ? old : [.. old.Select(_ => float.NaN)]);
                    run(target);
                    float[] result = new float[old.Length];
                    target.Read(result);
                    results.Add(result);
                    target.Free();
                }
            }
            foreach (var buffer in new[] { x, matrices, dy }) buffer.Free();
            return [.. results];
        }

        public void Check(Device device)
        {
            float[][] results = Run(device);
            int each = _inputs * _outputs;
            foreach (int add in new[] { 0, 3 })
            {
                for (int row = 0; row < _rows; row++)
                {
                    int matrix = _ids[row] * each, r = row;
                    for (int o = 0; o < _outputs; o++)
                        Compare("y", results[add][row * _outputs + o], _inputs, i => _matrices[matrix + o * _inputs + i], i => _x[r * _inputs + i], add, _old[row * _outputs + o]);
                    for (int i = 0; i < _inputs; i++)
                        Compare("dx", results[add + 1][row * _inputs + i], _outputs, o => _matrices[matrix + o * _inputs + i], o => _dy[r * _outputs + o], add, _oldX[row * _inputs + i]);
                }
                for (int g = 0; g < _groups; g++)
                {
                    int[] rows = [.. Enumerable.Range(0, _rows).Where(row => _ids[row] == g)];
                    for (int o = 0; o < _outputs; o++)
                        for (int i = 0; i < _inputs; i++)
                        {
                            int at = g * each + o * _inputs + i, output = o, input = i;
                            Compare("dA", results[add + 2][at], rows.Length, k => _dy[rows[k] * _outputs + output], k => _x[rows[k] * _inputs + input], add, _oldMatrices[at]);
                        }
                }
            }
        }

        private void Compare(string what, float actual, int terms, Func<int, float> a, Func<int, float> b, int add, float old)
        {
            var (value, bound) = ReferenceGemm.Dot(terms, a, b, add > 0 ? old : 0f);
            Assert.True(Math.Abs(actual - value) <= bound, $"{what} of {_rows} rows, {_groups} groups, {_inputs} to {_outputs}: {actual}, expected {value} +- {bound}");
        }

        private static DeviceBuffer Upload(Device device, float[] values)
        {
            var buffer = device.Allocate(values.Length);
            buffer.Write(values);
            return buffer;
        }

        private static float[] Random(int length, ulong seed)
        {
            var random = new Philox(seed);
            return [.. Enumerable.Range(0, length).Select(i => 2f * random.Uniform((uint)i) - 1f)];
        }
    }
}
