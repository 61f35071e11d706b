package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.SseEvent;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedEventTest {

    private static SseEvent encodedAndBack(SseEvent event) {
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of("before", "before\n"));
        frames.add(event);
        frames.add(SseEvent.of("after", "\nafter"));
        return EncodedEvent.decode(frames.array(), frames.start(1), frames.start(1) + frames.length(1));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "name,data,name,data",
                "null,null,null,''",
                "'','',null,''",
                "data: ,event: x,data: ,event: x",
                "null,'event: x',null,'event: x'",
                "n,'\n\n',n,'\n\n'",
                "n,'a\r\nb\rc\nd',n,'a\nb\nc\nd'",
                "'a\nb','é€𝄞','a b','é€𝄞'"
            })
    void shouldGiveTheEventAsItIsSent(String name, String data, String sentName, String sentData) {
        SseEvent back = encodedAndBack(SseEvent.of(name, data));
        assertEquals(sentName, back.name());
        assertEquals(sentData, back.data());
    }

    @Test
    void shouldReadBackWhateverBytesARecordHolds() {
        Random random = new Random();
        for (int i = 0; i < 20_000; i++) {
            byte[] data = new byte[random.nextInt(12)];
            for (int at = 0; at < data.length; at++) {
                data[at] = (byte)
                        (random.nextInt(3) == 0 ? "\r\n :dataevent".charAt(random.nextInt(13)) : random.nextInt());
            }
            String sent = new String(data, UTF_8).replace("\r\n", "\n").replace('\r', '\n');
            assertEquals(sent, encodedAndBack(SseEvent.ofUtf8(null, data)).data());
        }
    }
}
