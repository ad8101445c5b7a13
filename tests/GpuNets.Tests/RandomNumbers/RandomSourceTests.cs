namespace GpuNets.Tests.RandomNumbers;

/// <summary>A random source never repeats itself and resumes where its state says.</summary>
public sealed class RandomSourceTests
{
    [Fact(Timeout = 300_000)]
    public async Task Draws_are_distinct_sequences()
    {
        await Task.Yield();
        var source = new RandomSource(7);
        var first = source.Next();
        var second = source.Next();
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Bits(0), second.Bits(0));
        Assert.Equal(new RandomState(7, 2), source.State);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_restored_state_repeats_the_draws()
    {
        await Task.Yield();
        var source = new RandomSource(7);
        source.Next();
        var state = source.State;
        var expected = source.Next();
        var other = new RandomSource(1) { State = state };
        Assert.Equal(expected, other.Next());
    }

    [Fact(Timeout = 300_000)]
    public async Task A_counter_beyond_32_bits_does_not_start_over()
    {
        await Task.Yield();
        var start = new RandomSource(7).Next();
        var late = new RandomSource(7) { State = new RandomState(7, 1UL << 32) }.Next();
        Assert.NotEqual(start, late);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_state_survives_as_text()
    {
        await Task.Yield();
        var state = new RandomState(ulong.MaxValue, 12);
        Assert.Equal(state, RandomState.Parse(state.ToString()));
        var error = Assert.Throws<StateException>(() => RandomState.Parse("7"));
        Assert.Equal("RandomState: '7' is not a seed and a counter.", error.Message);
    }
}
