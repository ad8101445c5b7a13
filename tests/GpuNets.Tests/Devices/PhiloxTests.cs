using GpuNets.Kernels;
using ILGPU;

namespace GpuNets.Tests.Devices;

public sealed class PhiloxTests
{
    /// <summary>The known answers of the Random123 library for philox4x32-10.</summary>
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 }, new uint[] { 0, 0 },
        new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, new[] { 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, new uint[] { 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Block_equals_the_known_answer(uint[] counter, uint[] key, uint[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, 4).Select(lane =>
            PhiloxCore.Block(counter[0], counter[1], counter[2], counter[3], key[0], key[1], (uint)lane)));

    [Fact]
    public void A_word_of_a_sequence_is_a_word_of_its_block() =>
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => PhiloxCore.Block((uint)i / 4, 0, 9, 0, 0x89abcdef, 0x01234567, (uint)i % 4)),
            Enumerable.Range(0, 12).Select(i => new Philox(0x0123456789abcdef, 9).Bits((uint)i)));

    [Fact(Timeout = 300_000)]
    public async Task The_device_under_test_draws_what_the_host_draws()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Compare(lease.Device, 5003);
    }

    [Fact(Timeout = 300_000)]
    public async Task The_device_form_draws_what_the_host_draws()
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(ExecutionForm.Serial);
        Compare(lease.Device, 67);
    }

    private static void Compare(Device device, int count)
    {
        var buffer = device.Allocate(count);
        var random = new Philox(0xfedcba9876543210, 0x80000001);
        device.ForEach(new Draw { Y = buffer.Floats, Low = (uint)random.Seed, High = (uint)(random.Seed >> 32), Stream = random.Stream }, count);
        var drawn = new float[count];
        buffer.Read(drawn);
        buffer.Free();
        Assert.Equal(Enumerable.Range(0, count).Select(i => random.Uniform((uint)i)), drawn);
        Assert.All(drawn, value => Assert.InRange(value, 0f, 0.99999994f));
    }

    internal struct Draw : IElementKernel
    {
        public ArrayView<float> Y;
        public uint Low, High, Stream;

        public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
            loop.Each(new Body { Y = Y.Ptr(), Low = Low, High = High, Stream = Stream });

        internal unsafe struct Body : IElementBody
        {
            public float* Y;
            public uint Low, High, Stream;

            public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Uniform(Low, High, Stream, i));
        }
    }
}
